// Brokers that go and come back, and several of them: each make of worker,
// and our client, which can be told of several. npm's client has one broker,
// and loses what was in flight there.
'use strict'

const { pairs, echo, upTo } = require('./cross')
const { TCP, IS_JS } = require('./lib')

const RETRY = { retry: 1 }
const PEER = { heartbeat: 100, reconnect: 50 }
const OURS = { heartbeat: 100 }

// npm's client, when it gives up its broker, loses what it is asked meanwhile.
const clientOf = (p) => p.client(p.clientKind === 'our' ? OURS : {})

// ---- one ----

async function comesBack (t, p, signal, conf) {
  const broker = await t.broker(conf)
  await p.worker('echo', echo, PEER)
  const client = clientOf(p)
  t.equal((await client.call('echo', 'before')).data, 'before')
  await broker.restart(signal)

  t.equal((await client.call('echo', 'after', RETRY)).data, 'after')
}

pairs('peers come back to a broker that was killed', (t, p) =>
  comesBack(t, p, 'SIGKILL', TCP))

pairs('peers come back to a broker that was ended', (t, p) =>
  comesBack(t, p, 'SIGTERM', TCP))

pairs('peers come back over a file that a killed broker left behind',
  (t, p) => comesBack(t, p, 'SIGKILL'))

pairs('ten workers come back, and all of them serve', async (t, p) => {
  const served = new Set()
  const broker = await t.broker(TCP)
  for (const i of upTo(10)) {
    await p.worker('echo', (data, reply) => {
      served.add(i)
      reply.end(data)
    }, PEER)
  }
  const client = clientOf(p)
  await broker.restart('SIGKILL')
  t.waitsFor = 'all ten of them'
  for (let n = 0; served.size < 10; n++) {
    t.equal((await client.call('echo', n, RETRY)).data, n)
  }
})

// What the worker had by then it may be given again: its reply was lost.
pairs('with retry, what is in flight when a broker dies is answered by the next',
  { client: 'our' }, async (t, p) => {
    const held = []
    let isServing = false
    const broker = await t.broker(TCP)
    await p.worker('job', (n, reply) => {
      held.push(n)
      if (isServing) reply.end(n)
    }, PEER)
    const client = p.client(OURS)
    const waiting = upTo(50).map((n) => client.call('job', n, RETRY))
    await t.until('all of them', () => held.length === 50)
    isServing = true
    await broker.restart('SIGKILL')

    t.equal((await Promise.all(waiting)).map(({ error, data }) =>
      [error, data]), upTo(50).map((n) => [null, n]))
    t.equal(await client.inFlight(), 0)
  })

pairs('without retry, what is in flight when a broker dies ends by name',
  { client: 'our' }, async (t, p) => {
    let nGot = 0
    const broker = await t.broker(TCP)
    await p.worker('job', () => nGot++, PEER)
    const client = p.client(OURS)
    const ends = []
    const waiting = [5000, -1].map((timeout) =>
      client.call('job', 1, { timeout }).then((end) => ends.push(end.error)))
    await t.until('both', () => nGot === 2)
    await broker.stop('SIGKILL')
    await Promise.all(waiting)

    t.equal(ends, ['NO_BROKER', 'NO_BROKER'])
    await broker.restart()
  })

pairs('a stream that a broker takes with it ends by name', { client: 'our' },
  async (t, p) => {
    const broker = await t.broker(TCP)
    await p.worker('job', (data, reply) => reply.write('part'), PEER)
    const client = p.client(OURS)
    const asked = client.ask('job', 1, RETRY)
    await t.until('a part', () => asked.all.length === 1)
    await broker.restart('SIGKILL')
    const { error, all } = await asked.done

    t.ok(['PARTIAL_LOST', 'NO_BROKER'].includes(error))
    t.equal(all, ['part'])
  })

pairs('a request made while there is no broker waits for it',
  { client: 'our' }, async (t, p) => {
    const broker = await t.broker(TCP)
    await p.worker('echo', echo, PEER)
    const client = p.client(OURS)
    let isGone = false
    t.equal((await client.call('echo', 1)).data, 1)
    client.on('disconnect', () => { isGone = true })
    await broker.stop('SIGKILL')
    await t.until('its absence to be noticed', () => isGone)
    const waiting = client.call('echo', 2, RETRY)
    t.equal((await client.call('echo', 3, { timeout: 100 })).error, 'NO_BROKER')
    await broker.restart()
    t.equal((await waiting).data, 2)
  })

pairs('a broker that is halted is left, and found again', { client: 'our' },
  async (t, p) => {
    const broker = await t.broker(TCP)
    const worker = await p.worker('echo', echo, PEER)
    const client = p.client(OURS)
    const told = []
    t.equal((await client.call('echo', 1)).data, 1)
    for (const event of ['connect', 'disconnect']) {
      client.on(event, (endpoint) => told.push([event, endpoint]))
    }
    // A rid that is sent again is run twice there.
    if (IS_JS) worker.on('error', () => {})
    broker.child.kill('SIGSTOP')
    const waiting = client.call('echo', 2, RETRY)
    await t.until('its silence to be noticed', () => told.length === 1)
    broker.child.kill('SIGCONT')

    t.equal((await waiting).data, 2)
    t.equal(told,
      [['disconnect', broker.address], ['connect', broker.address]])
  })

// ---- two ----

// Two brokers, each with a worker of its own that answers with its number.
async function two (t, p, conf) {
  const brokers = [await t.broker(TCP), await t.broker(TCP)]
  const endpoints = brokers.map((broker) => broker.address).join()
  for (const i of [0, 1]) {
    await p.worker('who', (data, reply) => reply.end(i),
      { ...PEER, endpoints: brokers[i].address })
  }
  const client = p.client({ ...OURS, endpoints, ...conf })
  const events = []
  for (const event of ['connect', 'disconnect']) {
    client.on(event, (endpoint) => events.push(event + ' ' + endpoint))
  }
  const toldOf = (i, event) => t.until(event + ' of broker ' + i,
    () => events.includes(event + ' ' + brokers[i].address))
  await toldOf(0, 'connect')
  await toldOf(1, 'connect')
  return { client, brokers, events, toldOf }
}

async function answers (client, n, opts) {
  const ends = await Promise.all(
    upTo(n).map((i) => client.call('who', i, opts)))
  return ends.map(({ error, data }) => error || data)
}

const all = (n, value) => upTo(n).map(() => value)

pairs('failover: the first that answers', { client: 'our' },
  async (t, p) => {
    const { client, brokers, events, toldOf } = await two(t, p)
    t.equal(await answers(client, 10), all(10, 0))
    await brokers[0].stop('SIGKILL')
    t.equal(await answers(client, 10, RETRY), all(10, 1))
    await toldOf(0, 'disconnect')
    t.equal(await answers(client, 10), all(10, 1))
    events.length = 0
    await brokers[0].restart()
    await toldOf(0, 'connect')
    // With retry: npm's worker starts more than once, once for each W 5.
    t.equal(await answers(client, 10, RETRY), all(10, 0))
  })

pairs('spread: each in turn, and the other one alone', { client: 'our' },
  async (t, p) => {
    const { client, brokers, events, toldOf } = await two(t, p,
      { policy: 'spread' })
    t.equal((await answers(client, 20)).sort(), [...all(10, 0), ...all(10, 1)])
    await brokers[1].stop('SIGKILL')
    t.equal((await answers(client, 20, RETRY)), all(20, 0))
    events.length = 0
    await brokers[1].restart()
    await toldOf(1, 'connect')
    // With retry, as above.
    t.equal((await answers(client, 20, RETRY)).sort(),
      [...all(10, 0), ...all(10, 1)])
  })

pairs('what is in flight at a broker that dies is answered by the other',
  { client: 'our' }, async (t, p) => {
    const brokers = [await t.broker(TCP), await t.broker(TCP)]
    const endpoints = brokers.map((broker) => broker.address).join()
    let nGot = 0
    await p.worker('job', () => nGot++, { endpoints: brokers[0].address })
    const client = p.client({ ...OURS, endpoints })
    const isUp = new Promise((resolve) => client.on('connect', (endpoint) =>
      endpoint === brokers[0].address && resolve()))
    t.waitsFor = 'the first broker'
    await isUp
    const waiting = upTo(100).map((n) => client.call('job', n, RETRY))
    await t.until('all of them at the first', () => nGot === 100)
    await p.worker('job', echo, { endpoints: brokers[1].address })
    await brokers[0].stop('SIGKILL')

    t.equal((await Promise.all(waiting)).map(({ data }) => data), upTo(100))
    await brokers[0].restart()
  })

pairs('a worker may serve at two brokers, and one may go', { worker: 'our' },
  async (t, p) => {
    const brokers = [await t.broker(TCP), await t.broker(TCP)]
    const endpoints = brokers.map((broker) => broker.address).join()
    const worker = await p.worker('echo', echo, { ...PEER, endpoints })
    await t.until('both', () => worker.nConnects === 2)
    const clients = brokers.map((broker) =>
      p.client({ endpoints: broker.address }))

    for (const i of [0, 1]) {
      t.equal((await clients[i].call('echo', i)).data, i)
    }
    await brokers[0].stop('SIGKILL')
    t.equal((await clients[1].call('echo', 'alone')).data, 'alone')
    await brokers[0].restart()
    await t.until('it to be back', () => worker.nConnects === 3)
    for (const i of [0, 1]) {
      t.equal((await clients[i].call('echo', i, RETRY)).data, i)
    }
  })
