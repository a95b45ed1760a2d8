// Requests and replies: what goes in comes out.
'use strict'

const { test, call, TCP } = require('./lib')

const echo = (data, reply) => reply.end(data)

const VALUES = [
  0, 1, -1.5, 1e300, 5e-324, 9007199254740991, true, false, null, '', ' ',
  'text', '"', '\\', '{}', 'null', [], {}, [null, [], [0]],
  { a: 1, b: { c: [1, 'two', null, true] }, '': { ' ': '' } },
  { __proto__x: 1, $dir: '*', 'a.b': '^1.0.0' }
]

const STRINGS = [
  Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join(''),
  '\u0000', 'C\u0000W\u00005', '\n\r\t\v\f\b', '\u2028\u2029\ufeff\ufffd',
  'äöü ß € 漢字 \u202e 😀', '\ud83d', '\ude00\ud83d', '%s%n\x1b[31m', '\\e\\x00'
]

test('JSON of every type comes back as it was', async (t) => {
  await t.broker(TCP)
  await t.worker('echo', echo)
  const client = t.client()

  for (const value of VALUES) {
    const { error, data } = await call(client, 'echo', value)
    t.equal(error, null)
    t.equal(data, value === null ? undefined : value)
  }
})

test('texts of any characters come back as they were', async (t) => {
  await t.broker(TCP)
  await t.worker('echo', echo)
  const client = t.client()

  for (const value of STRINGS) {
    t.equal((await call(client, 'echo', value)).data, value)
    t.equal((await call(client, 'echo', { [value]: value })).data,
      { [value]: value })
  }
})

test('no data at all is null for the worker, no reply null for the client',
  async (t) => {
    const seen = []
    await t.broker(TCP)
    await t.worker('nil', (data, reply) => {
      seen.push(data)
      reply.end()
    })
    const client = t.client()
    const reply = await new Promise((resolve) =>
      client.request('nil', undefined, null, (...args) => resolve(args)))

    t.equal(seen, [null])
    t.equal(reply, [0, null])
  })

test('a payload of a megabyte comes back as it was', async (t) => {
  const big = Array.from({ length: 1 << 16 }, (_, i) =>
    (i * 2654435761 >>> 0).toString(16).padStart(16, '€')).join('')

  await t.broker(TCP)
  await t.worker('echo', echo)
  const client = t.client()
  t.ok(big.length >= 1 << 20)
  t.ok((await call(client, 'echo', big)).data === big)
  t.ok((await call(client, 'echo', { big: [big, big] })).data.big[1] === big)
})

test('a worker sees the options of the request', async (t) => {
  const seen = []
  await t.broker(TCP)
  await t.worker('opts', (data, reply, opts) => {
    seen.push(opts)
    reply.end()
  })
  const client = t.client()
  await call(client, 'opts', 1, { timeout: 12345, nocache: 1, mine: ['x'] })

  t.equal(seen, [{ timeout: 12345, nocache: 1, mine: ['x'], retry: 0 }])
})

test('an error of the worker is an error for the client', async (t) => {
  await t.broker(TCP)
  await t.worker('bad', (data, reply) => reply.error(data))
  const client = t.client()

  for (const err of ['no', { code: 7, why: ['x'] }, 404]) {
    const { error, all } = await call(client, 'bad', err)
    t.equal(error, err)
    t.equal(all, [])
  }
})

test('an error ends only its own request', async (t) => {
  await t.broker(TCP)
  await t.worker('odd', (n, reply) => n % 2 ? reply.error('odd') : reply.end(n))
  const client = t.client()
  const replies = await Promise.all(
    Array.from({ length: 100 }, (_, n) => call(client, 'odd', n)))

  replies.forEach(({ error, data }, n) => {
    t.equal(error, n % 2 ? 'odd' : null)
    t.equal(data, n % 2 ? undefined : n)
  })
})

test('replies may come in any order', async (t) => {
  const held = []
  await t.broker(TCP)
  await t.worker('late', (n, reply) => held.push([n, reply]))
  const client = t.client()
  const replies = Array.from({ length: 50 }, (_, n) => call(client, 'late', n))

  await t.until('50 requests at the worker', () => held.length === 50)
  t.equal(held.map(([n]) => n), Array.from({ length: 50 }, (_, n) => n))
  held.reverse().forEach(([n, reply]) => reply.end(n * n))
  t.equal((await Promise.all(replies)).map((r) => r.data),
    Array.from({ length: 50 }, (_, n) => n * n))
})

test('a request made before there is a worker waits for one', async (t) => {
  await t.broker(TCP)
  const client = t.client()
  const early = call(client, 'soon', 'early')

  await t.worker('other', echo)
  t.equal((await call(client, 'other', 1)).data, 1)
  await t.worker('soon', echo)
  t.equal((await early).data, 'early')
})

test('failfast does not wait', { js: 'has no failfast' }, async (t) => {
  await t.broker(TCP)
  const client = t.client()
  const { error } = await call(client, 'never', 1, { failfast: 1 })

  t.equal(error, 'NO_WORKER')
})

test('requests of a client that is gone do no harm', async (t) => {
  const held = []
  await t.broker(TCP)
  await t.worker('hold', (data, reply) => held.push(reply))
  await t.worker('echo', echo)
  const gone = t.client()
  const client = t.client()

  gone.request('hold', 1).on('error', () => {}).on('data', () => {})
  await t.until('the request', () => held.length === 1)
  gone.stop()
  held[0].write('partial')
  held[0].end('final')
  t.equal((await call(client, 'echo', 'still')).data, 'still')
})
