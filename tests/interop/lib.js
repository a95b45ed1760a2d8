// A small TAP harness, and what a story of JavaScript peers needs: brokers,
// clients, workers in this process or in one of their own, raw sockets. What
// a story starts ends with it. Nothing waits for a duration: a story waits
// for conditions, and all of it for its deadline.
//
//	PIGATOD          the broker; BROKER=js takes PIGATO's own instead
//	PATIENCE         factor for all deadlines, for slow ways to run it
'use strict'

const assert = require('assert')
const { fork } = require('child_process')
const path = require('path')
const PIGATO = require('pigato')
const zmq = require('zeromq')
const { startBroker } = require('./broker')

const DEADLINE_MS = 30000
const IS_JS = process.env.BROKER === 'js'
const patience = Number(process.env.PATIENCE) || 1

const tests = []
let failNow = null // of the story that is being told

// opts.js: what PIGATO's own broker does instead, so it is not told there;
// opts.deadline in ms.
function test (words, opts, run) {
  tests.push(typeof opts === 'function'
    ? { words, opts: {}, run: opts }
    : { words, opts, run })
}

class Story {
  constructor () {
    this.undo = []
    this.waitsFor = 'nothing it told of'
    this.failure = new Promise((resolve, reject) => {
      this.fail = (words) => reject(new Error(words))
    })
    this.failure.catch(() => {})
    this.equal = assert.deepStrictEqual
    this.ok = assert.ok
  }

  // A broker with these settings; the first one is that of all peers.
  async broker (conf) {
    const broker = await startBroker(conf)
    this.main = this.main || broker
    this.undo.push(async () => {
      this.log = broker.log
      await broker.end()
    })
    broker.lost.then((how) => this.fail('the broker ended: ' + how))
    return broker
  }

  client (conf) {
    const client = new PIGATO.Client(this.main.address, conf)
    client.on('error', (err) => this.fail('error event of a client: ' + err))
    client.start()
    this.undo.push(() => client.stop())
    return client
  }

  // A worker; done when it is registered, to be sure of its concurrency too.
  async worker (service, onRequest, conf) {
    const worker = new PIGATO.Worker(this.main.address, service, conf)
    worker.on('error', (err) => this.fail('error event of a worker: ' + err))
    worker.on('request', onRequest)
    worker.start()
    this.undo.push(() => worker.stop())
    await this.heard(worker)
    return worker
  }

  // Waits until the broker has answered a heartbeat of this worker: what it
  // had for the worker by then has arrived.
  async heard (worker) {
    let heartbeats = 0
    const socket = worker.socket
    const count = (...frames) => {
      heartbeats += frames.length === 2 && String(frames[1]) === '4'
    }

    socket.on('message', count)
    worker.heartbeat()
    await this.until('a heartbeat to a worker', () => heartbeats > 0)
    socket.removeListener('message', count)
  }

  // A worker in a process of its own that takes requests and keeps them.
  // Gives { got, kill }: how many it has taken, and a way to end it at once.
  async child (service, conf) {
    const child = fork(path.join(__dirname, 'keeper.js'),
      [this.main.address, service, JSON.stringify(conf || {})])
    const keeper = { id: null, got: 0 }
    const ended = new Promise((resolve) => child.on('exit', resolve))

    keeper.kill = () => {
      child.kill('SIGKILL')
      return ended
    }
    this.undo.push(keeper.kill)
    child.on('message', (m) => {
      if (m.id) keeper.id = m.id
      else keeper.got++
    })
    await this.until('a worker process', () => keeper.id !== null)
    return keeper
  }

  // A bare DEALER.
  raw (id) {
    const socket = new zmq.Dealer({ routingId: id, linger: 0 })
    socket.connect(this.main.address)
    this.undo.push(() => socket.close())
    return {
      send: (...frames) => socket.send(frames),
      // The next message, or the next but heartbeats, as texts.
      receive: async () => {
        this.waitsFor = 'a message for ' + id
        return (await socket.receive()).map(String)
      },
      next: async function () {
        for (;;) {
          const m = await this.receive()
          if (m[1] !== '4') return m
        }
      }
    }
  }

  async until (words, isSo) {
    this.waitsFor = words
    while (!isSo()) {
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }

  async end () {
    let failure = null
    for (const undo of this.undo.reverse()) {
      await Promise.resolve().then(undo).catch((err) => {
        failure = failure || err
      })
    }
    if (failure) throw failure
  }
}

// A request: what came, last and all in order, and the error if there was one.
function call (client, service, data, opts) {
  return new Promise((resolve) => {
    const all = []
    let error = null
    client.request(service, data, opts)
      .on('data', (d) => all.push(d))
      .on('error', (err) => { error = err })
      .on('end', () => resolve({ error, all, data: all[all.length - 1] }))
  })
}

// ---- telling them all ----

// Fails if work fails, the story does, or ms have gone by.
async function within (ms, story, work) {
  let timer
  const late = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(
      'late: it waited for ' + story.waitsFor)), ms * patience)
  })
  try {
    await Promise.race([work(), story.failure, late])
  } finally {
    clearTimeout(timer)
  }
}

// Null, or what went wrong.
async function tell (one) {
  const story = new Story()
  const failures = []

  failNow = (err) => story.fail(err.stack)
  await within(one.opts.deadline || DEADLINE_MS, story,
    () => one.run(story)).catch((err) => failures.push(err))
  story.waitsFor = 'the end of what it started'
  const end = story.end()
  await within(DEADLINE_MS, story, () => end)
    .catch((err) => failures.push(err))
  await within(DEADLINE_MS, new Story(), () => end).catch(() => {})
  return failures.length ? { failure: failures[0], log: story.log } : null
}

function report (n, one, trouble) {
  console.log((trouble ? 'not ok ' : 'ok ') + n + ' - ' + one.words)
  if (!trouble) return
  const lines = String(trouble.failure.stack).split('\n')
    .concat((trouble.log || []).map((line) => 'broker: ' + line))
  lines.forEach((line) => console.log('# ' + line.slice(0, 300)))
}

async function tellAll () {
  const isBeyond = (one) => IS_JS && one.opts.js
  let n = 0
  let nFailed = 0

  for (const one of tests.filter(isBeyond)) {
    console.log('# not told: ' + one.words + ': it ' + one.opts.js)
  }
  console.log('1..' + tests.filter((one) => !isBeyond(one)).length)
  for (const one of tests.filter((one) => !isBeyond(one))) {
    n++
    const trouble = await tell(one)
    nFailed += trouble !== null
    report(n, one, trouble)
  }
  process.exit(nFailed ? 1 : 0)
}

process.on('uncaughtException', (err) => failNow(err))
process.on('unhandledRejection', (err) => failNow(err))
setImmediate(tellAll)

// For t.broker(): over TCP, at ports of the system's choice.
const TCP = { bind: 'tcp://127.0.0.1:*', intch: 'tcp://127.0.0.1:*' }

module.exports = { test, call, IS_JS, TCP }
