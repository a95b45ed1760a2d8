// Replies that PIGATO's workers allow to be kept, and its clients.
'use strict'

const PIGATO = require('pigato')
const Base = require('pigato/services/Base')
const { test, call, TCP } = require('./lib')

// $cache answers these clients, too.
const CONF = { ...TCP, admin_everywhere: true }
const NONE = 'keeps no replies'

// Counts what it is asked; keeps its replies for so long.
const counter = (t, name, ms) => {
  const asked = { n: 0 }
  return t.worker(name, (data, reply) => {
    reply.opts.cache = ms
    reply.end([data, ++asked.n])
  }).then(() => asked)
}

test('reply.opts.cache: an equal request is answered without a worker',
  { js: NONE }, async (t) => {
    await t.broker(CONF)
    const asked = await counter(t, 'count', 60000)
    const clients = [t.client(), t.client()]

    for (let i = 0; i < 10; i++) {
      t.equal((await call(clients[i % 2], 'count', { a: 1 })).data,
        [{ a: 1 }, 1])
    }
    t.equal((await call(clients[0], 'count', { a: 2 })).data, [{ a: 2 }, 2])
    t.equal(asked.n, 2)
  })

test('nocache asks a worker, and others have the new reply from then on',
  { js: NONE }, async (t) => {
    await t.broker(CONF)
    await counter(t, 'count', 60000)
    const client = t.client()
    const ask = async (opts) => (await call(client, 'count', 1, opts)).data[1]

    t.equal(await ask(), 1)
    t.equal(await ask({ nocache: 1 }), 2)
    t.equal(await ask(), 2)
  })

test('after that time a worker is asked again', { js: NONE }, async (t) => {
  await t.broker(CONF)
  const asked = await counter(t, 'count', 50)
  const client = t.client()

  await call(client, 'count', 1)
  while (asked.n < 3) await call(client, 'count', 1)
})

test('a stream is replayed whole, in order', { js: NONE }, async (t) => {
  let n = 0
  await t.broker(CONF)
  await t.worker('stream', (data, reply) => {
    n++
    reply.opts.cache = 60000
    for (let i = 0; i < 100; i++) reply.write(i)
    reply.end('end')
  })
  const client = t.client()
  const first = await call(client, 'stream', 1)

  t.equal(first.all.length, 101)
  t.equal(await call(client, 'stream', 1), first)
  t.equal(n, 1)
})

test('an error is not kept', { js: NONE }, async (t) => {
  let n = 0
  await t.broker(CONF)
  await t.worker('fail', (data, reply) => {
    n++
    reply.opts.cache = 60000
    reply.error('no')
  })
  const client = t.client()

  t.equal((await call(client, 'fail', 1)).error, 'no')
  t.equal((await call(client, 'fail', 1)).error, 'no')
  t.equal(n, 2)
})

test('coalesce: one run for all that wait', { js: NONE }, async (t) => {
  const held = []
  await t.broker(CONF)
  await t.worker('slow', (data, reply) => held.push(reply))
  const clients = [t.client(), t.client()]
  const ask = (client, data) => call(client, 'slow', data, { coalesce: 1 })
  const waiting = [ask(clients[0], 1), ask(clients[1], 1), ask(clients[0], 1)]
  // It comes behind them.
  const others = [ask(clients[0], 2), ask(clients[1], 2)]

  await t.until('two requests', () => held.length === 2)
  const count = call(t.client(), '$cache')
  const { coalesced } = (await count).data
  t.ok(coalesced >= 2 && coalesced <= 3)
  await t.until('all of them', () => held.length === 2)
  held.forEach((reply) => {
    reply.write('part')
    reply.end('end')
  })
  for (const { error, all } of await Promise.all(waiting.concat(others))) {
    t.equal(error, null)
    t.equal(all, ['part', 'end'])
  }
})

test('$cache tells figures, and flushes', { js: NONE }, async (t) => {
  await t.broker(CONF)
  const asked = await counter(t, 'count', 60000)
  const client = t.client()
  const cache = async (data) => (await call(client, '$cache', data)).data

  await call(client, 'count', { x: 1 })
  await call(client, 'count', { x: 1 })
  const { entries, hits } = await cache()
  t.equal([entries, hits], [1, 1])
  const one = { cmd: 'flush', service: 'count', data: '{"x":1}' }
  t.equal(await cache(one), { flushed: 1 })
  await call(client, 'count', { x: 1 })
  t.equal(asked.n, 2)
  t.equal(await cache({ cmd: 'flush' }), { flushed: 1 })
  t.equal((await call(client, '$cache', { cmd: 'x' })).error,
    'INVALID: no such cmd')
})

test("a core service on PIGATO's own base makes a second broker follow",
  { js: NONE }, async (t) => {
    await t.broker(CONF) // that of all peers, which is to follow
    const asked = await counter(t, 'count', 60000)
    const client = t.client()
    const first = await t.broker({ ...CONF, external_core: true })
    const operator = new PIGATO.Client(first.address)
    const follower = new Base(first.address, { intch: first.intch })
    follower.service = '$follow'
    follower.start()
    operator.start()
    t.undo.push(() => follower.stop(), () => operator.stop())
    follower.sub.subscribe('$cache ')
    follower.sub.on('message', (frame) => {
      const { service, data } = JSON.parse(String(frame).slice(7))
      call(client, '$cache', { cmd: 'flush', service, data })
    })

    const one = { cmd: 'flush', service: 'count', data: '1' }
    await call(client, 'count', 1)
    await call(client, 'count', 2)
    // Notices from before the subscription are missed: it is said again.
    while ((await call(client, 'count', 1)).data[1] === 1) {
      await call(operator, '$cache', one)
    }
    t.equal((await call(client, 'count', 2)).data, [2, 2])
    t.equal(asked.n, 3)
  })
