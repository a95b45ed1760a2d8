// Records what the npm package sends, for tests/wire/test_golden.c: clients
// and workers talk to a bare ROUTER, bare DEALERs to its broker. It writes
// client.frames, worker.frames and broker.frames into the directory given.
// Each message is written down with what it has to be: who reads PROTOCOL
// does so here once more, apart from the C. Uuids are numbered, so that
// recording again gives the same files.
//
// tests/interop/run-interop.sh records and compares; to take what is new:
//
//	make check-interop
//	cp tests/interop-run/frames/*.frames tests/wire
'use strict'

const fs = require('fs')
const path = require('path')
const PIGATO = require('pigato')
const zmq = require('zeromq')
const { version } = require('pigato/package.json')

const DEADLINE_MS = 20000
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g
const HEAD = `# What PIGATO ${version} sends, recorded by utils/record-frames.js.
#
# A message begins with its direction and what it is, in wire.h's words; then
# comes a line for each of its frames: what that is, and its bytes, in the
# words of tests/lib/words.h.
`

// Bytes as words.h writes them.
function word (bytes) {
  const text = Array.from(bytes, (b) =>
    b === 0x5c
      ? '\\\\'
      : b === 0x20
        ? '\\s'
        : b > 0x20 && b < 0x7f
          ? String.fromCharCode(b)
          : '\\x' + b.toString(16).padStart(2, '0')).join('')
  return text || '\\e'
}

class Recorder {
  constructor (direction, layoutHead) {
    this.direction = direction
    this.layoutHead = layoutHead
    this.text = HEAD
    this.uuids = new Map()
  }

  number (uuid) {
    if (!this.uuids.has(uuid)) {
      this.uuids.set(uuid, '00000000-0000-4000-8000-' +
        String(this.uuids.size + 1).padStart(12, '0'))
    }
    return this.uuids.get(uuid)
  }

  // The next message of this socket: its frames have these names. Heartbeats
  // come between when they like.
  async take (socket, title, verb, names) {
    const layout = (this.layoutHead + ' ' + names).trim().split(' ')
    const type = layout.lastIndexOf('tag')
    let frames
    do {
      frames = await socket.receive()
    } while (String(frames[type]) === '4' && !verb.includes('heartbeat'))

    if (frames.length !== layout.length) {
      throw new Error(verb + ', ' + title + ': ' + layout.length +
        ' frames were to come, not ' + frames.map(String).join(' | '))
    }
    this.text += '\n# ' + title + '\n' + this.direction + ': ' + verb + '\n'
    frames.forEach((frame, i) => {
      const numbered = Buffer.from(frame.toString('latin1').replace(UUID,
        (uuid) => this.number(uuid)), 'latin1')
      this.text += '\t' + layout[i] + ' ' + word(numbered) + '\n'
    })
    return frames
  }
}

async function router () {
  const socket = new zmq.Router({ linger: 0 })
  await socket.bind('tcp://127.0.0.1:*')
  return socket
}

// ---- clients ----

const REQUESTS = [
  ['an object', 'echo', { a: 1, b: [null, true, 'x'] }],
  ['a number', 'echo', -1.5],
  ['a text with all it may have', 'echo', '\u0000\u001f "\\ \u007fé€😀\ud800'],
  ['null', 'echo', null],
  ['no data at all', 'echo', undefined],
  ['a name with a star', 'foo*', 1],
  ['a name with a range', 'svc@>=1.0.0 <2.0.0 || 3.x', 1],
  ['a name in letters of its own', 'größe', 1],
  ['an empty name', '', 1],
  ['all options', 'echo', 1, {
    timeout: -1, retry: 1, nocache: 1, persist: 1, workerId: 'W1'
  }],
  ['options of its own', 'echo', 1, { timeout: 500, mine: { x: ['y'] } }]
]

async function recordClient () {
  const recorder = new Recorder('to broker', 'peer tag tag')
  const socket = await router()
  const client = new PIGATO.Client(socket.lastEndpoint)
  const take = (...args) => recorder.take(socket, ...args)

  client.start()
  await take('at the start', 'client heartbeat', '')
  for (const [title, ...args] of REQUESTS) {
    const stream = client.request(...args)
    await take(title, 'client request', 'service rid data opts')
    if (title === 'an object') {
      stream.heartbeat()
      await take('for that request', 'client heartbeat', 'kind rid')
    }
  }
  client.stop()
  socket.close()
  return recorder.text
}

// ---- workers ----

const REPLY = 'client empty rid status data opts'
const ANSWERS = [
  ['an object', (r) => r.end({ a: 1 }), 'worker reply'],
  ['nothing', (r) => r.end(), 'worker reply'],
  ['for the cache', (r) => {
    r.opts = { cache: 5000 }
    r.end('kept')
  }, 'worker reply'],
  ['a part', (r) => r.write('part'), 'worker partial reply'],
  ['a part that is false', (r) => r.write(false), 'worker partial reply'],
  ['an error', (r) => r.error('no'), 'worker reply'],
  ['an error that is an object', (r) => r.error({ no: 7 }), 'worker reply'],
  ['no reason', (r) => r.reject(), 'worker reject'],
  ['a reason', (r) => r.reject('not mine'), 'worker reject']
]

async function recordWorker () {
  const recorder = new Recorder('to broker', 'peer tag tag')
  const socket = await router()
  const worker = new PIGATO.Worker(socket.lastEndpoint, 'echo',
    { concurrency: 7 })
  const take = (...args) => recorder.take(socket, ...args)
  const replies = []

  worker.on('request', (data, reply) => replies.push([data, reply]))
  worker.start()
  const [id] = await take('at the start', 'worker ready', 'service')
  await take('at the start', 'worker heartbeat', 'empty opts')
  worker.heartbeat({ update: 1 })
  await take('of a core service', 'worker heartbeat', 'empty opts')
  for (let i = 0; i < ANSWERS.length; i++) {
    const [title, answer, verb] = ANSWERS[i]
    await socket.send([id, 'W', '2', 'C-1', 'echo', '', 'r' + i, i, '{}'])
    while (replies.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    answer(replies.pop()[1])
    await take(title, verb, REPLY)
  }
  worker.stop()
  await take('at the end', 'worker disconnect', '')
  socket.close()
  return recorder.text
}

// ---- the broker ----

async function startBroker () {
  const broker = new PIGATO.Broker('tcp://127.0.0.1:*',
    { intch: 'tcp://127.0.0.1:*' })
  await new Promise((resolve) => {
    broker.on('start', resolve)
    broker.start()
  })
  return broker.socket._socket.lastEndpoint
}

async function recordBroker () {
  const recorder = new Recorder('from broker', 'tag tag')
  const address = await startBroker()
  const peer = (routingId) => {
    const socket = new zmq.Dealer({ routingId, linger: 0 })
    socket.connect(address)
    return socket
  }
  const c = peer('C-1')
  const w = peer('W-1')

  await w.send(['W', '1', 'echo'])
  await recorder.take(w, 'registered', 'ready to worker', '')
  await w.send(['W', '4', '', '{"concurrency":7}'])
  await recorder.take(w, 'an answer', 'heartbeat to worker', '')
  await c.send(['C', '4'])
  await recorder.take(c, 'an answer', 'heartbeat to client', '')

  await c.send(['C', '2', 'echo', 'r1', '{"a":1}', '{"retry":1}'])
  await recorder.take(w, 'an object', 'request to worker',
    'client service empty rid data opts')
  await w.send(['W', '6', 'C-1', '', 'r1', '0', '"part"', '{}'])
  await recorder.take(c, 'a part', 'partial reply to client',
    'empty rid status data opts')
  await w.send(['W', '3', 'C-1', '', 'r1', '0', '"end"', '{}'])
  await recorder.take(c, 'a reply', 'reply to client',
    'empty rid status data opts')

  await c.send(['C', '2', 'echo', 'r2', '1'])
  await recorder.take(w, 'the client gave no options', 'request to worker',
    'client service empty rid data')
  await w.send(['W', '3', 'C-1', '', 'r2', '-1', '"no"'])
  await recorder.take(c, 'an error, the worker gave no options',
    'reply to client', 'empty rid status data')

  await c.send(['C', '2', 'echo', 'r3', '1', '{}', 'more', '', 'and more'])
  await recorder.take(w, 'frames that nobody knows', 'request to worker',
    'client service empty rid data opts tail tail tail')
  await w.send(['W', '3', 'C-1', '', 'r3', '0', '1', '{}', 'more'])
  await recorder.take(c, 'frames that nobody knows', 'reply to client',
    'empty rid status data opts tail')

  await w.send(['W', '3', 'C-1', '', 'none', '0', '1', '{}'])
  await recorder.take(w, 'after a mistake', 'disconnect to worker', '')
  c.close()
  w.close()
  return recorder.text
}

async function main ([dir]) {
  if (!dir) {
    console.error('usage: record-frames.js DIRECTORY')
    return 2
  }
  const files = {
    client: await recordClient(),
    worker: await recordWorker(),
    broker: await recordBroker()
  }
  fs.mkdirSync(dir, { recursive: true })
  Object.keys(files).forEach((name) =>
    fs.writeFileSync(path.join(dir, name + '.frames'), files[name]))
  return 0
}

setTimeout(() => {
  console.error('record-frames.js: late')
  process.exit(1)
}, DEADLINE_MS)
main(process.argv.slice(2)).then((status) => process.exit(status), (err) => {
  console.error(err)
  process.exit(1)
})
