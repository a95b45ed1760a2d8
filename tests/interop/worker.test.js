// Which worker gets a request, and what becomes of it without its worker.
'use strict'

const { test, call, IS_JS } = require('./lib')

const LOSES = 'leaves the client to its timeout'
// Signs of life every 50 ms, silence is noticed after 600.
const QUICK = { heartbeat: 200, heartbeat_liveness: 3 }
const LIVELY = { heartbeat: 50 }
const lasting = (conf) => ({ heartbeat: 60000, ...conf })

test('a rejected request goes to another worker', {
  js: 'gives it to the same again and again'
}, async (t) => {
  let nRejected = 0
  await t.broker()
  await t.worker('picky', (data, reply) => {
    nRejected++
    reply.reject('not mine')
  })
  const client = t.client()
  const waiting = call(client, 'picky', 1)
  await t.until('the reject', () => nRejected === 1)
  await t.worker('picky', (data, reply) => reply.end('taken'))

  t.equal((await waiting).data, 'taken')
  t.equal(nRejected, 1)
})

test('a worker that rejects all of them is asked once for each', {
  js: 'gives a request to who rejected it'
}, async (t) => {
  const asked = new Map()
  await t.broker()
  await t.worker('picky', (n, reply) => {
    asked.set(n, (asked.get(n) || 0) + 1)
    reply.reject()
  })
  await t.worker('picky', (n, reply) => reply.end(n))
  const client = t.client()
  const replies = await Promise.all(
    Array.from({ length: 200 }, (_, n) => call(client, 'picky', n)))

  replies.forEach(({ data }, n) => t.equal(data, n))
  t.ok(asked.size > 0)
  asked.forEach((times) => t.equal(times, 1))
})

test('with retry, the requests of a killed worker go to another',
  async (t) => {
    await t.broker(QUICK)
    const client = t.client()
    const child = await t.child('job', LIVELY)
    const waiting = [1, 2, 3].map((n) => call(client, 'job', n, { retry: 1 }))
    await t.until('three requests at the worker', () => child.got === 3)
    await child.kill()
    const order = []
    await t.worker('job', (n, reply) => {
      order.push(n)
      reply.end(n)
    }, LIVELY)

    t.equal((await Promise.all(waiting)).map((r) => r.data), [1, 2, 3])
    t.equal(order, [1, 2, 3])
  })

test('without retry, a killed worker is an error as soon as it is lost',
  { js: LOSES }, async (t) => {
    await t.broker(QUICK)
    const child = await t.child('job', LIVELY)
    const waiting = call(t.client(lasting()), 'job', 1)
    await t.until('the request at the worker', () => child.got === 1)
    await child.kill()

    t.equal(await waiting, { error: 'WORKER_LOST', all: [], data: undefined })
  })

test('a worker that stops is an error at once', { js: LOSES }, async (t) => {
  let worker = null
  await t.broker()
  worker = await t.worker('job', () => worker.stop())
  const { error } = await call(t.client(), 'job', 1)

  t.equal(error, 'WORKER_LOST')
})

test('a worker that stops gives its requests back for retry', async (t) => {
  let worker = null
  await t.broker()
  const client = t.client()
  worker = await t.worker('job', () => worker.stop())
  const waiting = call(client, 'job', 1, { retry: 1 })
  await t.until('its stop', () => !worker.socket)
  await t.worker('job', (data, reply) => reply.end('second'))

  t.equal((await waiting).data, 'second')
})

test('after a partial reply nothing is retried', { js: LOSES }, async (t) => {
  await t.broker(QUICK)
  const client = t.client()
  const child = await t.child('job', LIVELY)
  await t.worker('other', (data, reply) => reply.end())
  const waiting = call(client, 'job', { partial: 'part' }, { retry: 1 })
  await t.until('the request at the worker', () => child.got === 1)
  await child.kill()

  t.equal(await waiting, { error: 'WORKER_LOST', all: ['part'], data: 'part' })
})

test('a request for one worker goes to it alone', async (t) => {
  await t.broker()
  const client = t.client()
  const workers = []
  for (let i = 0; i < 5; i++) {
    workers.push(await t.worker('named', (data, reply) => reply.end(i)))
  }
  for (let n = 0; n < 25; n++) {
    const i = n * 7 % 5
    t.equal((await call(client, 'named', n,
      { workerId: workers[i].socketId })).data, i)
  }
})

test('a request for a busy worker holds nobody up', async (t) => {
  const held = []
  await t.broker()
  const client = t.client()
  const busy = await t.worker('named', (data, reply) => held.push(reply),
    { concurrency: 1 })
  const first = call(client, 'named', 1, { workerId: busy.socketId })
  await t.until('the first', () => held.length === 1)
  const second = call(client, 'named', 2, { workerId: busy.socketId })
  await t.worker('named', (data, reply) => reply.end('free'))

  for (let i = 0; i < 10; i++) {
    t.equal((await call(client, 'named', i)).data, 'free')
  }
  t.equal(held.length, 1)
  held[0].end('one')
  t.equal((await first).data, 'one')
  await t.until('the second', () => held.length === 2)
  held[1].end('two')
  t.equal((await second).data, 'two')
})

test('a worker has as many requests as it wants, also when that changes',
  async (t) => {
    const held = []
    await t.broker()
    const client = t.client()
    const worker = await t.worker('few', (data, reply) => held.push(reply),
      { concurrency: 3 })
    const have = async (n) => {
      await t.until(n + ' requests', () => held.length >= n)
      await t.heard(worker)
      t.equal(held.length, n)
    }
    const want = (n) => {
      worker.conf.concurrency = n
      return t.heard(worker)
    }
    const replies = Array.from({ length: 20 }, (_, n) => call(client, 'few', n))

    await have(3)
    held.shift().end()
    await have(3)
    await want(5)
    // PIGATO's broker looks at its queue only when something comes or goes.
    if (IS_JS) held.shift().end()
    await have(5)
    await want(2)
    held.shift().end()
    held.shift().end()
    await have(3)
    held.shift().end()
    await have(2)
    await want(0)
    held.shift().end()
    held.shift().end()
    await have(0)
    if (IS_JS) return
    await want(-1)
    await have(14)
    held.splice(0).forEach((reply) => reply.end())
    await Promise.all(replies)
  })

test('work goes to who has least of it', {
  js: 'compares with undefined'
}, async (t) => {
  const held = [[], []]
  await t.broker()
  const client = t.client()
  for (const mine of held) {
    await t.worker('fair', (data, reply) => mine.push(reply))
  }
  const replies = Array.from({ length: 20 }, (_, n) => call(client, 'fair', n))
  await t.until('all of it', () => held[0].length + held[1].length === 20)

  t.equal(held.map((mine) => mine.length), [10, 10])
  held.forEach((mine) => mine.forEach((reply) => reply.end()))
  await Promise.all(replies)
})
