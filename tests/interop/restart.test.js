// The broker goes and comes back at the same address. What a worker sent in
// between, and is no worker any more, is answered with a disconnect for each
// message; PIGATO's worker begins anew at each of them, so that a request may
// meet one that is gone a moment later. Hence retry.
'use strict'

const { test, call, TCP } = require('./lib')

const RETRY = { retry: 1 }
const PEER = { heartbeat: 100, reconnect: 50 }

async function comesBack (t, signal, conf) {
  const broker = await t.broker(conf)
  const worker = await t.worker('echo', (data, reply) => reply.end(data), PEER)
  const client = t.client()
  t.equal((await call(client, 'echo', 'before')).data, 'before')
  const id = worker.socketId
  await broker.restart(signal)

  // The worker's own doing: it hears nothing, or that it is not known.
  t.equal((await call(client, 'echo', 'after', RETRY)).data, 'after')
  t.ok(worker.socketId !== id)
}

test('peers come back to a broker that was killed', (t) =>
  comesBack(t, 'SIGKILL', TCP))

test('peers come back to a broker that was ended', (t) =>
  comesBack(t, 'SIGTERM', TCP))

test('peers come back over a file that a killed broker left behind', (t) =>
  comesBack(t, 'SIGKILL'))

test('ten workers come back, and all of them serve', async (t) => {
  const served = new Set()
  const broker = await t.broker(TCP)
  for (let i = 0; i < 10; i++) {
    await t.worker('echo', (data, reply) => {
      served.add(i)
      reply.end(data)
    }, PEER)
  }
  const client = t.client()
  await broker.restart('SIGKILL')
  t.waitsFor = 'all ten of them'
  for (let n = 0; served.size < 10; n++) {
    t.equal((await call(client, 'echo', n, RETRY)).data, n)
  }
})

test('a client that was given up by its own count comes back', async (t) => {
  const broker = await t.broker(TCP)
  await t.worker('echo', (data, reply) => reply.end(data), PEER)
  const client = t.client(PEER)
  let nStarts = 0
  let nConnects = 0
  client.on('start', () => nStarts++)
  await broker.stop('SIGKILL')
  client.on('connect', () => nConnects++)
  await t.until('its second start', () => nStarts > 0)
  await broker.restart()
  await t.until('its connection', () => nConnects > 0)

  t.equal((await call(client, 'echo', 'here', RETRY)).data, 'here')
})
