// Peers of either make behind one face, so that a story is told to all pairs
// of them: npm's live in this process, ours, cross_peer, in one of their own.
//
//	CROSS_PEER       the program
'use strict'

const { spawn } = require('child_process')
const EventEmitter = require('events')
const PIGATO = require('pigato')
const { readLines } = require('./broker')
const { test } = require('./lib')

// ---- a process of ours ----

class Process {
  constructor (t, mode, conf, onSaid) {
    const program = process.env.CROSS_PEER || './cross_peer'
    this.t = t
    this.log = []
    this.acks = []
    this.isWanted = true
    this.child = spawn(program, [mode, JSON.stringify(conf)])
    this.ended = new Promise((resolve) => {
      this.child.on('error', (err) => resolve(String(err)))
      this.child.on('exit', (status, signal) => resolve(signal || status))
    })
    this.ended.then((how) => this.isWanted &&
      t.fail(mode + ' ended: ' + how + '\n' + this.log.join('\n')))
    this.child.stdin.on('error', () => {})
    readLines(this.child.stderr, this.log, () => {})
    readLines(this.child.stdout, [], (line) => this.hear(JSON.parse(line)))
    this.onSaid = onSaid
    t.undo.push(() => this.end())
  }

  hear (said) {
    if ('ack' in said) this.acks[said.ack](said.error)
    else this.onSaid(said)
  }

  say (command) {
    this.child.stdin.write(JSON.stringify(command) + '\n')
  }

  // Says it, and gives the error's name once it is done.
  ask (command) {
    return new Promise((resolve) => {
      this.say({ ...command, ack: this.acks.push(resolve) - 1 })
    })
  }

  kill (signal) {
    this.isWanted = false
    this.child.kill(signal)
    return this.ended
  }

  async end () {
    const wasWanted = this.isWanted
    this.isWanted = false
    this.child.stdin.end()
    const how = await this.ended
    if (wasWanted && how !== 0) {
      throw new Error('a peer ended with ' + how + '\n' + this.log.join('\n'))
    }
  }
}

// What JSON.stringify makes of data, or bytes as they are.
function payload (data) {
  return Buffer.isBuffer(data)
    ? { hex: data.toString('hex') }
    : { text: JSON.stringify(data) }
}

function valueOf (said) {
  if (said.hex !== undefined) return Buffer.from(said.hex, 'hex')
  return said.text === undefined ? null : JSON.parse(said.text)
}

// As npm's worker has it: what is no JSON is null, and so is its undefined.
function requestOf (said) {
  try {
    return valueOf(said)
  } catch (err) {
    return null
  }
}

// ---- clients ----

// A request: all that came, and once it is done { error, all, data } in the
// words of npm's client.
class Asked {
  constructor () {
    this.all = []
    this.isDone = false
    this.done = new Promise((resolve) => { this.resolve = resolve })
  }

  end (error) {
    const all = this.all
    this.isDone = true
    this.resolve({ error, all, data: all[all.length - 1] })
  }
}

class NpmClient extends EventEmitter {
  constructor (t, conf) {
    super()
    const { endpoints, ...rest } = conf
    const client = new PIGATO.Client(endpoints || t.main.address, rest)
    this.npm = client
    client.on('error', (err) => t.fail('error event of a client: ' + err))
    for (const event of ['connect', 'disconnect', 'start', 'stop']) {
      client.on(event, () => this.emit(event))
    }
    client.start()
    t.undo.push(() => this.stop())
  }

  ask (service, data, opts) {
    const asked = new Asked()
    const stream = this.npm.request(service, data, { ...opts })
    let error = null
    stream.on('data', (d) => asked.all.push(d))
      .on('error', (err) => { error = err })
      .on('end', () => asked.end(error))
    asked.heartbeat = () => stream.heartbeat()
    return asked
  }

  call (...args) { return this.ask(...args).done }
  stop () { return this.npm.stop() }
}

const NPM_ERRORS = { OK: null, TIMEOUT: 'C_TIMEOUT' }

class OurClient extends EventEmitter {
  constructor (t, conf) {
    super()
    this.asked = []
    this.peer = new Process(t, 'client',
      { endpoints: t.main.address, ...conf }, (said) => this.hear(said))
  }

  hear (said) {
    if (said.event) return this.emit(said.event, said.endpoint, said.error)
    if (said.count !== undefined) return this.emit('count', said.count)
    const asked = this.asked[said.n]
    let error = NPM_ERRORS[said.error]
    if (said.error === 'REMOTE') error = valueOf(said)
    else if (error === undefined) error = said.error
    else if (said.error === 'OK' && valueOf(said) !== null) {
      asked.all.push(valueOf(said))
    }
    if (said.final) asked.end(error)
  }

  // form: call, stream; json: true.
  ask (service, data, opts, how) {
    const asked = new Asked()
    const n = this.asked.push(asked) - 1
    const { form, json } = how || {}
    this.peer.say(
      { do: form || 'request', n, service, ...payload(data), opts, json })
    asked.heartbeat = () => this.peer.ask({ do: 'heartbeat', n })
    asked.cancel = () => this.peer.ask({ do: 'cancel', n })
    return asked
  }

  call (...args) { return this.ask(...args).done }
  stop () { return this.peer.ask({ do: 'stop' }) }

  inFlight () {
    return new Promise((resolve) => {
      this.once('count', resolve)
      this.peer.say({ do: 'count' })
    })
  }
}

// ---- workers ----

class NpmWorker extends EventEmitter {
  constructor (t, service, onRequest, conf) {
    super()
    const { endpoints, ...rest } = conf
    const worker = new PIGATO.Worker(endpoints || t.main.address, service,
      rest)
    this.t = t
    this.npm = worker
    worker.on('error', (err) => t.fail('error event of a worker: ' + err))
    for (const event of ['connect', 'disconnect', 'start', 'stop']) {
      worker.on(event, () => this.emit(event))
    }
    worker.on('request', (data, reply, opts) => {
      reply.asked = Array.from(worker.reqs.values()).pop().service
      // Has its client been heard lately? It takes that for granted at first.
      reply.heard = () => Promise.resolve(reply.active())
      onRequest.call(this, data, reply, opts)
    })
    this.countBeats()
    worker.start()
    t.undo.push(() => worker.stop())
  }

  // Heartbeats that this socket has sent, and heard.
  countBeats () {
    const worker = this.npm
    const beat = worker.heartbeat
    worker.heartbeat = (opts) => {
      this.nSent++
      beat.call(worker, opts)
    }
    worker.on('start', () => {
      this.nSent = 1
      this.nHeard = 0
      worker.socket.on('message', (...frames) => {
        this.nHeard += frames.length === 2 && String(frames[1]) === '4'
      })
    })
  }

  get id () { return this.npm.socketId }

  // What was sent has been read, also if a broker says one more by itself.
  ready () {
    this.npm.heartbeat()
    this.npm.heartbeat()
    const want = this.nSent
    return this.t.until('heartbeats to a worker', () => this.nHeard >= want)
  }

  // Once it is done no request is on its way that should not be.
  concurrency (n) {
    this.npm.conf.concurrency = n
    return this.ready()
  }

  stop () { return this.npm.stop() }
}

class OurReply {
  constructor (peer, k, asked) {
    this.peer = peer
    this.k = k
    this.asked = asked
  }

  say (verb, data, more) {
    return this.peer.ask({ do: verb, k: this.k, ...payload(data), ...more })
  }

  write (data, more) { return this.say('write', data, more) }
  end (data, more) { return this.say('end', data, more) }
  error (data, more) { return this.say('error', data, more) }
  reject () { return this.say('reject') }
  heartbeat () { return this.say('heartbeat') }
  free () { return this.say('free') }
  cache (ms) { return this.say('cache', undefined, { ms }) }
  sayError (text) { return this.peer.ask({ do: 'say_error', k: this.k, text }) }

  look () {
    return new Promise((resolve) => {
      this.peer.onLook.push(resolve)
      this.say('look')
    })
  }

  async heard () {
    const { heard } = await this.look()
    return heard >= 0 && heard < 500
  }
}

class OurWorker extends EventEmitter {
  constructor (t, service, onRequest, conf) {
    super()
    this.t = t
    this.onRequest = onRequest
    this.nConnects = 0
    this.peer = new Process(t, 'worker',
      { endpoints: t.main.address, service, ...conf },
      (said) => this.hear(said))
    this.peer.onLook = []
  }

  hear (said) {
    if (said.id) {
      this.id = said.id
    } else if (said.event) {
      this.nConnects += said.event === 'connect'
      this.emit(said.event, said.endpoint, said.error)
    } else if (said.request !== undefined) {
      const reply = new OurReply(this.peer, said.request, said.asked)
      this.onRequest(requestOf(said), reply)
    } else if (said.active !== undefined) {
      this.peer.onLook.shift()(said)
    }
  }

  ready () {
    return this.t.until('a worker of ours', () => this.nConnects > 0)
  }

  concurrency (value) { return this.peer.ask({ do: 'concurrency', value }) }
  drain () { return this.peer.ask({ do: 'drain' }) }
  start () { return this.peer.ask({ do: 'start' }) }
  stop () { return this.peer.ask({ do: 'stop' }) }
  kill (signal) { return this.peer.kill(signal) }
}

// One that takes requests and keeps them, and can be killed.
async function keeper (t, kind, service, conf) {
  if (kind === 'npm') return t.child(service, conf)
  const kept = { got: 0 }
  const worker = new OurWorker(t, service, (data, reply) => {
    if (data && data.partial) reply.write(data.partial)
    kept.got++
  }, conf)
  await worker.ready()
  kept.id = worker.id
  kept.kill = () => worker.kill('SIGKILL')
  return kept
}

// ---- stories ----

const CLIENTS = { npm: NpmClient, our: OurClient }
const WORKERS = { npm: NpmWorker, our: OurWorker }

// Peers of these makes for a story: client(conf), worker(service, onRequest,
// conf), keeper(service, conf). conf: endpoints, or those of t.broker().
function peersOf (t, clientKind, workerKind) {
  return {
    clientKind,
    workerKind,
    client: (conf) => new CLIENTS[clientKind](t, conf || {}),
    worker: async (service, onRequest, conf) => {
      const worker = new WORKERS[workerKind](t, service, onRequest, conf || {})
      await worker.ready()
      return worker
    },
    keeper: (service, conf) => keeper(t, workerKind, service, conf || {})
  }
}

// Told for each pair. opts.client, opts.worker: of this make only; opts.js may
// be why PIGATO's own broker cannot pass with such peers: (client, worker).
function pairs (words, opts, run) {
  if (typeof opts === 'function') return pairs(words, {}, opts)
  for (const client of opts.client ? [opts.client] : ['npm', 'our']) {
    for (const worker of opts.worker ? [opts.worker] : ['npm', 'our']) {
      const js = typeof opts.js === 'function'
        ? opts.js(client, worker)
        : opts.js
      test(words + ' (' + client + ' client, ' + worker + ' worker)',
        { ...opts, js }, (t) => run(t, peersOf(t, client, worker)))
    }
  }
}

const echo = (data, reply) => reply.end(data)
const upTo = (n) => Array.from({ length: n }, (_, i) => i)

module.exports = { pairs, peersOf, echo, upTo }
