// Each make of client with each make of worker: who gets a request, and what
// becomes of it without its worker.
'use strict'

const { pairs, echo, upTo } = require('./cross')
const { IS_JS } = require('./lib')

const LOSES = { js: 'leaves the client to its timeout' }
// Signs of life every 50 ms, silence is noticed after 600.
const QUICK = { heartbeat: 200, heartbeat_liveness: 3 }
// Heartbeats only when they are asked for.
const CALM = { heartbeat: 600000 }
const LIVELY = { heartbeat: 50 }

pairs('a rejected request goes to another worker', {
  js: 'gives it to the same again and again'
}, async (t, p) => {
  let nRejected = 0
  await t.broker()
  await p.worker('picky', (data, reply) => {
    nRejected++
    reply.reject('not mine')
  })
  const waiting = p.client().call('picky', 1)
  await t.until('the reject', () => nRejected === 1)
  await p.worker('picky', (data, reply) => reply.end('taken'))

  t.equal((await waiting).data, 'taken')
  t.equal(nRejected, 1)
})

pairs('a worker that rejects all of them is asked once for each', {
  js: 'gives a request to who rejected it'
}, async (t, p) => {
  const asked = new Map()
  await t.broker()
  await p.worker('picky', (n, reply) => {
    asked.set(n, (asked.get(n) || 0) + 1)
    reply.reject()
  })
  await p.worker('picky', echo)
  const client = p.client()
  const replies = await Promise.all(
    upTo(200).map((n) => client.call('picky', n)))

  replies.forEach(({ data }, n) => t.equal(data, n))
  t.ok(asked.size > 0)
  asked.forEach((times) => t.equal(times, 1))
})

pairs('with retry, the requests of a killed worker go to another',
  async (t, p) => {
    await t.broker(QUICK)
    const client = p.client()
    const kept = await p.keeper('job', LIVELY)
    const waiting = [1, 2, 3].map((n) => client.call('job', n, { retry: 1 }))
    await t.until('three requests at the worker', () => kept.got === 3)
    await kept.kill()
    const order = []
    await p.worker('job', (n, reply) => {
      order.push(n)
      reply.end(n)
    }, LIVELY)

    t.equal((await Promise.all(waiting)).map((r) => r.data), [1, 2, 3])
    t.equal(order, [1, 2, 3])
  })

pairs('without retry, a killed worker is an error as soon as it is lost',
  LOSES, async (t, p) => {
    await t.broker(QUICK)
    const kept = await p.keeper('job', LIVELY)
    const waiting = p.client().call('job', 1)
    await t.until('the request at the worker', () => kept.got === 1)
    await kept.kill()

    t.equal(await waiting, { error: 'WORKER_LOST', all: [], data: undefined })
  })

pairs('a worker that stops is an error at once', LOSES, async (t, p) => {
  let worker = null
  await t.broker()
  worker = await p.worker('job', () => worker.stop())

  t.equal((await p.client().call('job', 1)).error, 'WORKER_LOST')
})

pairs('a worker that stops gives its requests back for retry',
  async (t, p) => {
    let worker = null
    let isStopped = false
    await t.broker()
    worker = await p.worker('job', () => worker.stop())
    worker.on('stop', () => { isStopped = true })
    const waiting = p.client().call('job', 1, { retry: 1 })
    await t.until('its stop', () => isStopped)
    await p.worker('job', (data, reply) => reply.end('second'))

    t.equal((await waiting).data, 'second')
  })

pairs('after a partial reply nothing is retried', LOSES, async (t, p) => {
  await t.broker(QUICK)
  const kept = await p.keeper('job', LIVELY)
  await p.worker('other', (data, reply) => reply.end())
  const asked = p.client().ask('job', { partial: 'part' }, { retry: 1 })
  await t.until('the part', () => asked.all.length === 1)
  await kept.kill()

  t.equal(await asked.done,
    { error: 'WORKER_LOST', all: ['part'], data: 'part' })
})

pairs('a request for one worker goes to it alone', async (t, p) => {
  await t.broker()
  const client = p.client()
  const workers = []
  for (let i = 0; i < 5; i++) {
    workers.push(await p.worker('named', (data, reply) => reply.end(i)))
  }
  for (let n = 0; n < 25; n++) {
    const i = n * 7 % 5
    t.equal((await client.call('named', n, { workerId: workers[i].id })).data,
      i)
  }
})

pairs('a request for a busy worker holds nobody up', async (t, p) => {
  const held = []
  await t.broker()
  const client = p.client()
  const busy = await p.worker('named', (data, reply) => held.push(reply),
    { concurrency: 1 })
  const first = client.call('named', 1, { workerId: busy.id })
  await t.until('the first', () => held.length === 1)
  const second = client.call('named', 2, { workerId: busy.id })
  await p.worker('named', (data, reply) => reply.end('free'))

  for (let i = 0; i < 10; i++) {
    t.equal((await client.call('named', i)).data, 'free')
  }
  t.equal(held.length, 1)
  held[0].end('one')
  t.equal((await first).data, 'one')
  await t.until('the second', () => held.length === 2)
  held[1].end('two')
  t.equal((await second).data, 'two')
})

pairs('a worker has as many requests as it wants, also when that changes',
  async (t, p) => {
    const held = []
    let limit = 3
    await t.broker(CALM)
    const client = p.client()
    const worker = await p.worker('few', (data, reply) => {
      held.push(reply)
      t.ok(limit < 0 || held.length <= limit)
    }, { ...CALM, concurrency: limit })
    const want = async (n) => {
      if (n < 0 || n > limit) limit = n
      await worker.concurrency(n)
      limit = n
    }
    const have = async (n) => {
      await t.until(n + ' requests', () => held.length >= n)
      t.equal(held.length, n)
    }
    const replies = upTo(20).map((n) => client.call('few', n))

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
    held.shift().end()
    held.shift().end()
    await have(2)
    // PIGATO's broker gives a worker that leaves all that is still waiting.
    if (IS_JS) limit = -1
    if (IS_JS) return
    await want(0)
    held.shift().end()
    held.shift().end()
    await worker.concurrency(0)
    t.equal(held.length, 0)
    await want(-1)
    await have(13)
    held.splice(0).forEach((reply) => reply.end())
    await Promise.all(replies)
  })

pairs('work goes to who has least of it', {
  js: 'compares with undefined'
}, async (t, p) => {
  const held = [[], []]
  await t.broker()
  const client = p.client()
  for (const mine of held) {
    await p.worker('fair', (data, reply) => mine.push(reply))
  }
  const replies = upTo(20).map((n) => client.call('fair', n))
  await t.until('all of it', () => held[0].length + held[1].length === 20)

  t.equal(held.map((mine) => mine.length), [10, 10])
  held.forEach((mine) => mine.forEach((reply) => reply.end()))
  await Promise.all(replies)
})

// ---- options ----

pairs('a worker of npm sees the options that were asked for',
  { worker: 'npm' }, async (t, p) => {
    const seen = []
    await t.broker()
    await p.worker('opts', (data, reply, opts) => {
      seen.push(opts)
      reply.end()
    })
    const client = p.client()
    const some = { timeout: 12345, nocache: 1, retry: 1, failfast: 1 }
    await client.call('opts', 1, some)
    await client.call('opts', 1, { timeout: -1 })

    for (const key of Object.keys(some)) t.equal(+seen[0][key], some[key])
    t.equal(seen[1].timeout, -1)
    t.ok(!seen[1].retry && !seen[1].nocache && !seen[1].failfast)
  })

pairs('failfast does not wait for a worker, and needs one only',
  { js: 'has no failfast' }, async (t, p) => {
    const held = []
    await t.broker()
    const client = p.client()
    const failfast = { failfast: 1 }
    t.equal((await client.call('never', 1, failfast)).error, 'NO_WORKER')

    await p.worker('busy', (data, reply) => held.push(reply),
      { concurrency: 1 })
    const replies = [1, 2].map((n) => client.call('busy', n, failfast))
    await t.until('the first', () => held.length === 1)
    held[0].end('one')
    await t.until('the second', () => held.length === 2)
    held[1].end('two')
    t.equal((await Promise.all(replies)).map((r) => r.data), ['one', 'two'])
  })

pairs('with nocache each request reaches a worker', async (t, p) => {
  let n = 0
  await t.broker()
  await p.worker('count', (data, reply) => {
    if (p.workerKind === 'npm') reply.opts.cache = 60000
    else reply.cache(60000)
    reply.end(++n)
  })
  const client = p.client()

  for (let i = 1; i <= 5; i++) {
    t.equal((await client.call('count', 1, { nocache: 1 })).data, i)
  }
})

pairs('a reply says how long it may be kept', { client: 'npm' },
  async (t, p) => {
    await t.broker()
    await p.worker('kept', (data, reply) => {
      if (p.workerKind === 'npm') reply.opts.cache = 60000
      else reply.cache(60000)
      reply.end(data)
    })
    const raw = t.raw('raw')
    await raw.send('C', '2', 'kept', 'r', '1', '{}')

    t.equal(await raw.next(),
      ['C', '3', '', 'r', '0', '1', '{"cache":60000}'])
  })

pairs('a request that was cancelled is over, and its slot is used again',
  { client: 'our' }, async (t, p) => {
    const held = []
    await t.broker()
    await p.worker('slow', (n, reply) => held.push([n, reply]),
      { concurrency: 1 })
    const client = p.client()
    const first = client.ask('slow', 1)
    await t.until('the request', () => held.length === 1)
    const waiting = client.ask('slow', 2)
    t.equal(await first.cancel(), 'OK')
    t.equal(await waiting.cancel(), 'OK')
    t.equal(await first.cancel(), 'STATE')
    t.equal((await first.done).error, 'CANCELLED')
    t.equal((await waiting.done).error, 'CANCELLED')
    t.equal(await client.inFlight(), 0)

    // Nobody tells brokers or workers of it (PROTOCOL 1).
    const last = client.call('slow', 3)
    for (let n = 1; n <= 3; n++) {
      await t.until(n + ' requests', () => held.length === n)
      held[n - 1][1].end(held[n - 1][0])
    }
    t.equal(held.map(([n]) => n).sort(), [1, 2, 3])
    t.equal((await last).data, 3)
  })

pairs('what is in flight when its client stops is cancelled',
  { client: 'our' }, async (t, p) => {
    const held = []
    await t.broker()
    await p.worker('slow', (n, reply) => held.push(reply))
    const client = p.client()
    const waiting = upTo(10).map((n) => client.call('slow', n))
    await t.until('all of them', () => held.length === 10)
    await client.stop()

    t.equal((await Promise.all(waiting)).map((r) => r.error),
      upTo(10).map(() => 'CANCELLED'))
    // It starts again by itself.
    const next = client.call('slow', 11)
    await t.until('the next', () => held.length === 11)
    held[10].end('again')
    t.equal((await next).data, 'again')
  })

// ---- drain ----

pairs('a worker that is drained finishes what it has, and takes no more',
  { worker: 'our' }, async (t, p) => {
    const held = []
    let isStopped = false
    await t.broker()
    const client = p.client()
    const worker = await p.worker('job', (n, reply) => held.push(reply))
    const mine = upTo(5).map((n) => client.call('job', n))
    worker.on('stop', () => { isStopped = true })
    await t.until('all of them', () => held.length === 5)
    t.equal(await worker.drain(), 'OK')
    await p.worker('job', (n, reply) => reply.end('other'))
    for (let n = 0; n < 20; n++) {
      t.equal((await client.call('job', n)).data, 'other')
    }
    t.ok(!isStopped)
    t.equal(held.length, 5)
    held[0].write('part')
    held.forEach((reply) => reply.end('mine'))
    t.equal((await Promise.all(mine)).map((r) => r.data),
      upTo(5).map(() => 'mine'))
    await t.until('its stop', () => isStopped)
    t.equal(await worker.drain(), 'STATE')
    // It may come back.
    t.equal(await worker.start(), 'OK')
  })

pairs('workers that are drained one after the other lose nothing',
  { worker: 'our' }, async (t, p) => {
    const NEEDED = 300
    await t.broker()
    const serve = (n, reply) => setImmediate(() => reply.end(n))
    const workers = [await p.worker('job', serve), await p.worker('job', serve)]
    const client = p.client()
    let nAsked = 0
    let nAnswered = 0
    let isEnough = false
    const loop = async () => {
      while (!isEnough) {
        const n = nAsked++
        t.equal(await client.call('job', n), { error: null, all: [n], data: n })
        nAnswered++
      }
    }
    const loops = upTo(20).map(loop)
    for (let round = 1; round <= 5; round++) {
      const old = workers.shift()
      const gone = new Promise((resolve) => old.on('stop', resolve))
      await t.until('some more', () => nAnswered >= round * NEEDED)
      old.drain()
      await gone
      workers.push(await p.worker('job', serve))
    }
    isEnough = true
    await Promise.all(loops)
    t.equal(nAnswered, nAsked)
  })
