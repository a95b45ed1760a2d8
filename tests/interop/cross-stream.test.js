// Each make of client with each make of worker: replies in parts.
'use strict'

const { pairs, upTo } = require('./cross')
const { IS_JS } = require('./lib')

const N = 10000

// A worker's part of a stream; asked() is what the client knows of it.
// PIGATO's own broker drops what its client has no room for, so with it they
// go in step.
async function count (t, reply, asked) {
  for (let i = 0; i < N; i++) {
    if (IS_JS && i % 500 === 0) {
      await t.until(i + ' parts', () => asked().all.length >= i)
    }
    reply.write(i)
  }
  reply.end('end')
}

pairs('ten thousand parts come in order, the final reply last',
  async (t, p) => {
    let asked = null
    await t.broker()
    await p.worker('count', (data, reply) => count(t, reply, () => asked))
    asked = p.client().ask('count', 1)

    t.equal(await asked.done,
      { error: null, all: upTo(N).concat('end'), data: 'end' })
  })

pairs('twenty streams at once stay apart', async (t, p) => {
  const serve = (k, reply) => {
    let i = 0
    const more = () => {
      if (i === 50) return reply.end([k, 'end'])
      reply.write([k, i++])
      setImmediate(more)
    }
    more()
  }
  await t.broker()
  await p.worker('count', serve)
  await p.worker('count', serve)
  const clients = [p.client(), p.client()]
  const streams = await Promise.all(
    upTo(20).map((k) => clients[k % 2].call('count', k)))

  streams.forEach(({ all }, k) =>
    t.equal(all, upTo(50).map((i) => [k, i]).concat([[k, 'end']])))
})

pairs('parts are there before the final reply is', async (t, p) => {
  let held = null
  await t.broker()
  await p.worker('slow', (data, reply) => {
    held = reply
    reply.write('first')
  })
  const asked = p.client().ask('slow', 1)

  await t.until('the first part', () => asked.all.length === 1)
  held.write('second')
  await t.until('the second part', () => asked.all.length === 2)
  t.ok(!asked.isDone)
  held.end('third')
  t.equal((await asked.done).all, ['first', 'second', 'third'])
})

pairs('a stream may end with an error', async (t, p) => {
  await t.broker()
  await p.worker('broken', (data, reply) => {
    reply.write(1)
    reply.write(2)
    reply.error('broken')
  })

  t.equal(await p.client().call('broken', 1),
    { error: 'broken', all: [1, 2], data: 2 })
})

pairs('parts of 100 kB come as they were', async (t, p) => {
  const part = (i) => String(i).padEnd(100000, '·')
  await t.broker()
  await p.worker('big', (n, reply) => {
    for (let i = 0; i < n; i++) reply.write(part(i))
    reply.end()
  })
  const { all } = await p.client().call('big', 50)

  t.equal(all.length, 50)
  all.forEach((d, i) => t.ok(d === part(i)))
})

pairs('a stream is pulled in its order, to its end', { client: 'our' },
  async (t, p) => {
    const PULL = { form: 'stream' }
    let asked = null
    await t.broker()
    await p.worker('count', (data, reply) => count(t, reply, () => asked))
    await p.worker('broken', (data, reply) => {
      reply.write(1)
      reply.error({ why: data })
    })
    const client = p.client()

    asked = client.ask('count', 1, {}, PULL)
    t.equal((await asked.done).all, upTo(N).concat('end'))
    t.equal(await client.call('broken', 'x', {}, PULL),
      { error: { why: 'x' }, all: [1], data: 1 })
    t.equal((await client.call('nobody', 1, { timeout: 50 }, PULL)).error,
      'C_TIMEOUT')
  })

pairs('a stream may be given up while it comes', { client: 'our' },
  async (t, p) => {
    const held = []
    await t.broker()
    await p.worker('endless', (data, reply) => {
      held.push(reply)
      reply.write('part')
    })
    const client = p.client()
    const asked = client.ask('endless', 1)
    await t.until('a part', () => asked.all.length === 1)

    t.equal(await asked.cancel(), 'OK')
    t.equal(await asked.done, { error: 'CANCELLED', all: ['part'],
      data: 'part' })
    t.equal(await client.inFlight(), 0)
    held[0].write('nobody hears it')
    held[0].end('nor that')
    const next = client.ask('endless', 2)
    await t.until('the next', () => held.length === 2)
    held[1].end('end')
    t.equal((await next.done).all, ['part', 'end'])
    t.equal(asked.all, ['part'])
  })
