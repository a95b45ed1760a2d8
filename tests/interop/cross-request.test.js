// Each make of client with each make of worker: what goes in comes out.
'use strict'

const { pairs, echo, upTo } = require('./cross')

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

// What jansson's values cannot be: half a character.
const isWhole = (text) => text.isWellFormed()

const BIG = Array.from({ length: 1 << 16 }, (_, i) =>
  (i * 2654435761 >>> 0).toString(16).padStart(16, '€')).join('')

pairs('JSON of every type comes back as it was', async (t, p) => {
  await t.broker()
  await p.worker('echo', echo)
  const client = p.client()

  for (const value of VALUES) {
    const { error, data } = await client.call('echo', value)
    t.equal(error, null)
    t.equal(data, value === null ? undefined : value)
  }
})

pairs('texts of any characters come back as they were', async (t, p) => {
  await t.broker()
  await p.worker('echo', echo)
  const client = p.client()

  for (const value of STRINGS) {
    t.equal((await client.call('echo', value)).data, value)
    t.equal((await client.call('echo', { [value]: value })).data,
      { [value]: value })
  }
})

pairs('no data is null for the worker, no reply null for the client',
  async (t, p) => {
    const seen = []
    await t.broker()
    await p.worker('nil', (data, reply) => {
      seen.push(data)
      reply.end()
    })

    t.equal(await p.client().call('nil'),
      { error: null, all: [], data: undefined })
    t.equal(seen, [null])
  })

pairs('a payload of a megabyte comes back as it was', async (t, p) => {
  await t.broker()
  await p.worker('echo', echo)
  const client = p.client()

  t.ok(Buffer.byteLength(BIG) >= 1 << 20)
  t.ok((await client.call('echo', BIG)).data === BIG)
  const { data } = await client.call('echo', { big: [BIG, BIG] })
  t.ok(data.big[0] === BIG && data.big[1] === BIG)
})

pairs('an error of the worker is an error for the client', async (t, p) => {
  await t.broker()
  await p.worker('bad', (data, reply) => reply.error(data))
  const client = p.client()

  for (const err of ['no', { code: 7, why: ['x', '漢'] }, 404]) {
    t.equal(await client.call('bad', err),
      { error: err, all: [], data: undefined })
  }
})

pairs('an error ends only its own request', async (t, p) => {
  await t.broker()
  await p.worker('odd', (n, reply) => n % 2 ? reply.error('odd') : reply.end(n))
  const client = p.client()
  const replies = await Promise.all(upTo(100).map((n) => client.call('odd', n)))

  replies.forEach(({ error, data }, n) => {
    t.equal(error, n % 2 ? 'odd' : null)
    t.equal(data, n % 2 ? undefined : n)
  })
})

pairs('requests come in order, and may be answered in any', async (t, p) => {
  const held = []
  await t.broker()
  await p.worker('late', (n, reply) => held.push([n, reply]))
  const client = p.client()
  const replies = upTo(50).map((n) => client.call('late', n))

  await t.until('50 requests at the worker', () => held.length === 50)
  t.equal(held.map(([n]) => n), upTo(50))
  held.reverse().forEach(([n, reply]) => reply.end(n * n))
  t.equal((await Promise.all(replies)).map((r) => r.data),
    upTo(50).map((n) => n * n))
})

pairs('two thousand at once get each its own reply', async (t, p) => {
  await t.broker()
  await p.worker('echo', echo)
  await p.worker('echo', echo, { concurrency: 7 })
  const clients = [p.client(), p.client()]
  const replies = await Promise.all(
    upTo(2000).map((n) => clients[n % 2].call('echo', { n })))

  replies.forEach(({ error, data }, n) => {
    t.equal(error, null)
    t.equal(data, { n })
  })
})

pairs('a request made before there is a worker waits for one',
  async (t, p) => {
    await t.broker()
    const client = p.client()
    const early = client.call('soon', 'early')

    await p.worker('other', echo)
    t.equal((await client.call('other', 1)).data, 1)
    await p.worker('soon', echo)
    t.equal((await early).data, 'early')
  })

pairs('requests of a client that is gone do no harm', async (t, p) => {
  const held = []
  await t.broker()
  await p.worker('hold', (data, reply) => held.push(reply))
  await p.worker('echo', echo)
  const gone = p.client()
  const client = p.client()

  gone.ask('hold', 1)
  await t.until('the request', () => held.length === 1)
  await gone.stop()
  held[0].write('partial')
  held[0].end('final')
  t.equal((await client.call('echo', 'still')).data, 'still')
})

// ---- what our side alone can say ----

pairs('bytes that are no text come back as they were', {
  js: 'makes text of every frame', client: 'our', worker: 'our'
}, async (t, p) => {
  const all = Buffer.from(upTo(256))
  await t.broker()
  await p.worker('echo', echo)
  const client = p.client()

  for (const data of [all, Buffer.alloc(1 << 20, 0xff), Buffer.from([0x80])]) {
    const reply = await client.call('echo', data)
    t.ok(data.equals(reply.data))
  }
})

pairs('a blocking call gives the reply, or the error', { client: 'our' },
  async (t, p) => {
    const CALL = { form: 'call' }
    await t.broker()
    await p.worker('echo', echo)
    await p.worker('bad', (data, reply) => {
      reply.write('dropped')
      reply.error(data)
    })
    const client = p.client()

    for (const value of [...VALUES, ...STRINGS, BIG]) {
      const { error, data } = await client.call('echo', value, {}, CALL)
      t.equal(error, null)
      t.equal(data, value === null ? undefined : value)
    }
    t.equal(await client.call('bad', { no: 1 }, {}, CALL),
      { error: { no: 1 }, all: [], data: undefined })
    t.equal((await client.call('nobody', 1, { timeout: 50 }, CALL)).error,
      'C_TIMEOUT')
  })

pairs('values of jansson come back as they were', { client: 'our' },
  async (t, p) => {
    await t.broker()
    await p.worker('echo', (data, reply) => reply.end(data, { json: true }))
    await p.worker('write', (data, reply) => {
      reply.write(data, { json: true })
      reply.end(null, { json: true })
    })
    const client = p.client()

    for (const value of [...VALUES, ...STRINGS.filter(isWhole)]) {
      const want = value === null ? [] : [value]
      for (const how of [{ json: true }, { json: true, form: 'call' }]) {
        t.equal((await client.call('echo', value, {}, how)).all, want)
      }
      t.equal((await client.call('write', value, {}, { json: true })).all,
        want)
    }
  })

pairs('an error told as a text arrives as one', { worker: 'our' },
  async (t, p) => {
    await t.broker()
    await p.worker('bad', (text, reply) => reply.sayError(text))
    const client = p.client()

    for (const text of ['no', 'ä"\\\n😀', '{"a":1}']) {
      t.equal((await client.call('bad', text)).error, text)
    }
  })

pairs('a reply handle outlives its end, and says so', { worker: 'our' },
  async (t, p) => {
    let reply = null
    await t.broker()
    await p.worker('once', (data, r) => { reply = r })
    const asked = p.client().ask('once', 1)
    await t.until('the request', () => reply !== null)

    t.equal(await reply.look(), { active: true, ended: false, heard: -1 })
    t.equal(await reply.heartbeat(), 'OK')
    t.equal(await reply.write('part'), 'OK')
    t.equal(await reply.end('end'), 'OK')
    for (const verb of ['write', 'end', 'error', 'reject', 'heartbeat']) {
      t.equal(await reply[verb]('late'), 'STATE')
    }
    t.equal(await reply.look(), { active: false, ended: true, heard: -1 })
    t.equal((await asked.done).all, ['part', 'end'])
  })
