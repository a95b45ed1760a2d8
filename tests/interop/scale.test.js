// Many clients, many workers, every reply looked at.
'use strict'

const { test, call, TCP } = require('./lib')

const N_CLIENTS = 20
const N_WORKERS = 10
const N_REQUESTS = 2000
const WINDOW = 50 // requests of a client at a time

test('20 clients with 2,000 requests each at 10 workers, every reply right', {
  deadline: 300000
}, async (t) => {
  const served = []
  let n = 0
  await t.broker(TCP)
  for (let k = 0; k < N_WORKERS; k++) {
    served.push(0)
    await t.worker('sum', ([a, b], reply) => {
      served[k]++
      if (a % 10 === 0) reply.write(['part', a])
      reply.end({ k, a, sum: a + b })
    })
  }
  const one = async (client, c, i) => {
    const a = c * N_REQUESTS + i
    const { error, all } = await call(client, 'sum', [a, i])
    t.equal(error, null)
    t.equal(all.length, a % 10 === 0 ? 2 : 1)
    t.equal(all.pop().sum, a + i)
    n++
  }
  const lane = async (client, c, from) => {
    for (let i = from; i < N_REQUESTS; i += WINDOW) await one(client, c, i)
  }
  const lanes = []
  for (let c = 0; c < N_CLIENTS; c++) {
    const client = t.client()
    for (let i = 0; i < WINDOW; i++) lanes.push(lane(client, c, i))
  }
  t.waitsFor = 'all replies'
  await Promise.all(lanes)

  t.equal(n, N_CLIENTS * N_REQUESTS)
  t.equal(served.reduce((a, b) => a + b), N_CLIENTS * N_REQUESTS)
  t.ok(served.every((k) => k > 0), 'each worker had its part: ' + served)
})
