// Each make of client with each make of worker: what takes too long, and signs
// of life.
'use strict'

const { pairs } = require('./cross')

// PIGATO's client looks for what is due once a heartbeat.
const QUICK = { heartbeat: 200 }

// A client whose broker has answered: what is late is not so for want of it.
async function connected (p) {
  const client = p.client(QUICK)
  await client.call('$dir', '')
  return client
}

pairs('a request that takes too long is C_TIMEOUT for its caller',
  async (t, p) => {
    await t.broker()
    await p.worker('slow', () => {})
    const client = await connected(p)

    for (const service of ['slow', 'nobody']) {
      t.equal(await client.call(service, 1, { timeout: 100 }),
        { error: 'C_TIMEOUT', all: [], data: undefined })
    }
  })

pairs('a late reply is swallowed, and its worker serves on', {
  js: (client) => client === 'npm' &&
    'passes late replies on, an error event at the client'
}, async (t, p) => {
  const held = []
  let nDisconnects = 0
  await t.broker()
  const worker = await p.worker('slow', (data, reply) => held.push(reply))
  worker.on('disconnect', () => nDisconnects++)
  const client = await connected(p)
  const late = await client.call('slow', 1, { timeout: 100 })
  t.equal(late.error, 'C_TIMEOUT')
  await t.until('the request', () => held.length === 1)

  held[0].write('partial, too late')
  held[0].end('final, too late')
  const next = client.call('slow', 2)
  await t.until('the next request', () => held.length === 2)
  held[1].end('in time')
  t.equal((await next).data, 'in time')
  t.equal(nDisconnects, 0)
})

pairs('an expired request leaves its slot to the next', {
  js: 'keeps the slot'
}, async (t, p) => {
  const held = []
  await t.broker()
  await p.worker('slow', (data, reply) => held.push([data, reply]),
    { concurrency: 1 })
  const client = await connected(p)
  const first = client.call('slow', 'first', { timeout: 100 })
  const second = client.call('slow', 'second')

  t.equal((await first).error, 'C_TIMEOUT')
  if (p.workerKind === 'our') {
    // Ours keeps to its own count: the first is there until it is ended.
    await t.until('the first request', () => held.length === 1)
    await held[0][1].end('late')
  }
  await t.until('the second request', () => held.length === 2)
  held[1][1].end('served')
  t.equal((await second).data, 'served')
})

pairs('an expired request is not given to a worker any more', {
  js: 'looks for it once a minute'
}, async (t, p) => {
  const seen = []
  await t.broker()
  const client = await connected(p)
  const late = await client.call('soon', 'late', { timeout: 100 })
  t.equal(late.error, 'C_TIMEOUT')
  await p.worker('soon', (data, reply) => {
    seen.push(data)
    reply.end(data)
  })

  t.equal((await client.call('soon', 'next')).data, 'next')
  t.equal(seen, ['next'])
})

pairs('partial replies keep a request alive beyond its timeout',
  async (t, p) => {
    await t.broker()
    const client = await connected(p)
    const begin = Date.now()
    await p.worker('long', (data, reply) => {
      const timer = setInterval(() => {
        if (Date.now() - begin < 2500) return reply.write('part')
        clearInterval(timer)
        reply.end('end')
      }, 50)
    })
    const { error, all } = await client.call('long', 1, { timeout: 1000 })

    t.equal(error, null)
    t.equal(all.pop(), 'end')
    t.ok(all.every((part) => part === 'part'))
  })

pairs('a timeout of -1 is none', async (t, p) => {
  const held = []
  await t.broker({ default_timeout: 100 })
  await p.worker('slow', (data, reply) => held.push([data, reply]))
  const client = await connected(p)
  const endless = client.call('slow', 'endless', { timeout: -1 })
  const short = await client.call('slow', 'short', { timeout: 300 })
  t.equal(short.error, 'C_TIMEOUT')
  await t.until('both', () => held.length === 2)
  held[0][1].end('at last')

  t.equal((await endless).data, 'at last')
})

// Until the reply's client has been heard lately, or has not.
async function notices (t, reply, isHeard) {
  t.waitsFor = isHeard ? 'a sign of life' : 'the end of such signs'
  while (await reply.heard() !== isHeard) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const KNOWS = { js: 'knows req, but its client says request' }

pairs('a client can tell the worker that it still waits', KNOWS,
  async (t, p) => {
    const held = []
    await t.broker()
    const notice = (reply, isHeard) => notices(t, reply, isHeard)
    await p.worker('slow', (data, reply) => held.push(reply),
      { heartbeat: 100 })
    const client = p.client()
    const asked = client.ask('slow', 1)
    const other = client.call('slow', 2)

    await t.until('both requests', () => held.length === 2)
    await notice(held[0], false)
    await notice(held[1], false)
    asked.heartbeat()
    await notice(held[0], true)
    t.ok(!await held[1].heard())
    await notice(held[0], false)
    held.forEach((reply) => reply.end('done'))
    t.equal((await asked.done).data, 'done')
    t.equal((await other).data, 'done')
  })

pairs('a client that is asked to tells it by itself',
  { ...KNOWS, client: 'our' }, async (t, p) => {
    const held = []
    await t.broker()
    await p.worker('slow', (data, reply) => held.push(reply),
      { heartbeat: 100 })
    const client = p.client({ heartbeat: 50 })
    const asked = client.call('slow', 1, { heartbeat: 1 })
    const quiet = client.call('slow', 2)

    await t.until('both requests', () => held.length === 2)
    await notices(t, held[1], false)
    // npm's worker would have given it up with the other one.
    await notices(t, held[0], true)
    held.forEach((reply) => reply.end('done'))
    t.equal((await asked).data, 'done')
    t.equal((await quiet).data, 'done')
  })

pairs('clients and workers with nothing to do stay connected',
  async (t, p) => {
    let nDisconnects = 0
    let nHeartbeats = 0
    await t.broker({ heartbeat: 100 })
    const client = p.client({ heartbeat: 100 })
    const worker = await p.worker('idle', (data, reply) => reply.end(data),
      { heartbeat: 100 })
    // Beside them one whose heartbeats can be counted.
    const clock = t.client({ heartbeat: 100 })
    for (const peer of [client, worker, clock]) {
      peer.on('disconnect', () => nDisconnects++)
    }
    clock.socket.on('message', (_, type) => {
      nHeartbeats += String(type) === '4'
    })
    // Each would give up after three without an answer.
    await t.until('many heartbeats', () => nHeartbeats >= 20)
    t.equal(nDisconnects, 0)
    t.equal((await client.call('idle', 1)).data, 1)
  })
