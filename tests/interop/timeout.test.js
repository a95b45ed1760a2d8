// What takes too long, and signs of life.
'use strict'

const { test, call } = require('./lib')

// PIGATO's client looks for what is due once a heartbeat.
const QUICK = { heartbeat: 200 }
const SENDS_LATE = 'passes late replies on, an error event at the client'

test('a request that takes too long is C_TIMEOUT for its caller',
  async (t) => {
    await t.broker()
    await t.worker('slow', () => {})
    const client = t.client(QUICK)

    t.equal((await call(client, 'slow', 1, { timeout: 100 })).error,
      'C_TIMEOUT')
    t.equal((await call(client, 'nobody', 1, { timeout: 100 })).error,
      'C_TIMEOUT')
  })

test('a late reply is swallowed, and its worker serves on',
  { js: SENDS_LATE }, async (t) => {
    const held = []
    let nStarts = 0
    await t.broker()
    const worker = await t.worker('slow', (data, reply) => held.push(reply))
    worker.on('start', () => nStarts++)
    const client = t.client(QUICK)
    const late = await call(client, 'slow', 1, { timeout: 100 })
    t.equal(late.error, 'C_TIMEOUT')

    held[0].write('partial, too late')
    held[0].end('final, too late')
    const next = call(client, 'slow', 2)
    await t.until('the next request', () => held.length === 2)
    held[1].end('in time')
    t.equal((await next).data, 'in time')
    t.equal(nStarts, 0)
  })

test('an expired request leaves its slot to the next', {
  js: 'keeps the slot'
}, async (t) => {
  const held = []
  await t.broker()
  await t.worker('slow', (data, reply) => held.push([data, reply]),
    { concurrency: 1 })
  const client = t.client(QUICK)
  const first = call(client, 'slow', 'first', { timeout: 100 })
  const second = call(client, 'slow', 'second')

  t.equal((await first).error, 'C_TIMEOUT')
  await t.until('the second request', () => held.length === 2)
  held[1][1].end('served')
  t.equal((await second).data, 'served')
})

test('an expired request is not given to a worker any more', {
  js: 'looks for it once a minute'
}, async (t) => {
  const seen = []
  await t.broker()
  const client = t.client(QUICK)
  const late = await call(client, 'soon', 'late', { timeout: 100 })
  t.equal(late.error, 'C_TIMEOUT')
  await t.worker('soon', (data, reply) => {
    seen.push(data)
    reply.end(data)
  })

  t.equal((await call(client, 'soon', 'next')).data, 'next')
  t.equal(seen, ['next'])
})

test('partial replies keep a request alive beyond its timeout', {
  js: 'counts from the beginning'
}, async (t) => {
  await t.broker()
  const begin = Date.now()
  await t.worker('long', (data, reply) => {
    const timer = setInterval(() => {
      if (Date.now() - begin < 2500) return reply.write('part')
      clearInterval(timer)
      reply.end('end')
    }, 50)
  })
  const { error, all } = await call(t.client(), 'long', 1, { timeout: 1000 })

  t.equal(error, null)
  t.equal(all.pop(), 'end')
  t.ok(all.every((part) => part === 'part'))
})

test('a timeout of -1 is none', async (t) => {
  const held = []
  await t.broker({ default_timeout: 100 })
  await t.worker('slow', (data, reply) => held.push([data, reply]))
  const client = t.client(QUICK)
  const endless = call(client, 'slow', 'endless', { timeout: -1 })
  const short = await call(client, 'slow', 'short', { timeout: 300 })
  t.equal(short.error, 'C_TIMEOUT')
  await t.until('both', () => held.length === 2)
  held[0][1].end('at last')

  t.equal((await endless).data, 'at last')
})

test('a client can tell the worker that it still waits', {
  js: 'knows req, but its client says request'
}, async (t) => {
  let held = null
  await t.broker()
  // A worker counts down for each request, once a heartbeat.
  await t.worker('slow', (data, reply) => { held = reply }, { heartbeat: 100 })
  const client = t.client()
  const other = t.client()
  const stream = client.request('slow', 1)
  const over = new Promise((resolve) => stream.on('data', resolve))

  await t.until('the request', () => held !== null)
  t.ok(held.active())
  await t.until('its end, for want of signs', () => !held.active())
  stream.heartbeat()
  await t.until('a sign of life', () => held.active())
  await t.until('its end again', () => !held.active())
  // Of another client it means nothing.
  const rid = client.reqs.keys().next().value
  other.heartbeat(rid)
  other.request('slow', 2).on('error', () => {})
  const first = held
  await t.until('what came behind it', () => held !== first)
  t.ok(!first.active())
  first.end('done')
  held.end('done')
  t.equal(await over, 'done')
})

test('clients and workers with nothing to do stay connected', async (t) => {
  let nDisconnects = 0
  let nHeartbeats = 0
  await t.broker({ heartbeat: 100 })
  const client = t.client({ heartbeat: 100 })
  const worker = await t.worker('idle', (data, reply) => reply.end(data),
    { heartbeat: 100 })
  for (const peer of [client, worker]) {
    peer.on('disconnect', () => nDisconnects++)
    peer.socket.on('message', (_, type) => {
      nHeartbeats += String(type) === '4'
    })
  }
  // Either one would give up after three without an answer.
  await t.until('a hundred heartbeats', () => nHeartbeats >= 100)
  t.equal(nDisconnects, 0)
  t.equal((await call(client, 'idle', 1)).data, 1)
})
