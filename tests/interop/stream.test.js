// Replies in parts.
'use strict'

const { test, call, TCP } = require('./lib')

const N = 10000
const upTo = (n) => Array.from({ length: n }, (_, i) => i)

test('ten thousand partial replies come in order, the final one last',
  async (t) => {
    await t.broker(TCP)
    await t.worker('count', (n, reply) => {
      for (let i = 0; i < n; i++) reply.write(i)
      reply.end('end')
    })
    const { error, all } = await call(t.client(), 'count', N)

    t.equal(error, null)
    t.equal(all, upTo(N).concat('end'))
  })

test('twenty streams at once stay apart', async (t) => {
  await t.broker(TCP)
  const serve = (k, reply) => {
    let i = 0
    const more = () => {
      if (i === 500) return reply.end([k, 'end'])
      reply.write([k, i++])
      setImmediate(more)
    }
    more()
  }
  await t.worker('count', serve)
  await t.worker('count', serve)
  const clients = [t.client(), t.client()]
  const streams = await Promise.all(
    upTo(20).map((k) => call(clients[k % 2], 'count', k)))

  streams.forEach(({ all }, k) =>
    t.equal(all, upTo(500).map((i) => [k, i]).concat([[k, 'end']])))
})

test('parts are there before the final reply is', async (t) => {
  const parts = []
  let held = null
  await t.broker(TCP)
  await t.worker('slow', (data, reply) => {
    held = reply
    reply.write('first')
  })
  const stream = t.client().request('slow', 1)
  let isOver = false
  stream.on('data', (d) => parts.push(d)).on('end', () => { isOver = true })

  await t.until('the first part', () => parts.length === 1)
  held.write('second')
  await t.until('the second part', () => parts.length === 2)
  t.ok(!isOver)
  held.end('third')
  await t.until('the end', () => isOver)
  t.equal(parts, ['first', 'second', 'third'])
})

test('a stream may end with an error', async (t) => {
  await t.broker(TCP)
  await t.worker('broken', (data, reply) => {
    reply.write(1)
    reply.write(2)
    reply.error('broken')
  })
  const { error, all } = await call(t.client(), 'broken', 1)

  t.equal(all, [1, 2])
  t.equal(error, 'broken')
})

test('parts of 100 kB come as they were', async (t) => {
  const part = (i) => String(i).padEnd(100000, '·')
  await t.broker(TCP)
  await t.worker('big', (n, reply) => {
    for (let i = 0; i < n; i++) reply.write(part(i))
    reply.end()
  })
  const { all } = await call(t.client(), 'big', 100)

  t.equal(all.length, 100)
  all.forEach((d, i) => t.ok(d === part(i)))
})
