// $dir, by the broker itself and by PIGATO's own service beside it.
'use strict'

const PIGATO = require('pigato')
const { test, call, IS_JS, TCP } = require('./lib')

const NO_DIRECTORY = { directory: false, external_core: true }
const idle = (data, reply) => reply.end()

// Asks until the answer is this one: the directory may be a moment behind.
async function shows (t, client, data, want) {
  let got
  t.waitsFor = '$dir ' + data + ' to be ' + JSON.stringify(want)
  do {
    got = (await call(client, '$dir', data)).data
    // $dir may be in it or not, and over TCP strangers come by.
    if (data === null) got = { a: got.a, b: got.b }
  } while (JSON.stringify(sorted(got)) !== JSON.stringify(sorted(want)))
}

function sorted (value) {
  if (Array.isArray(value)) return value.slice().sort()
  return Object.keys(value).sort().map((key) => [key, sorted(value[key])])
}

async function tellsOfAll (t, client) {
  const a1 = await t.worker('a', idle)
  const a2 = await t.worker('a', idle)
  const b = await t.worker('b', idle)

  await shows(t, client, 'a', [a1.socketId, a2.socketId])
  await shows(t, client, 'b', [b.socketId])
  await shows(t, client, 'none', [])
  await shows(t, client, null,
    { a: [a1.socketId, a2.socketId], b: [b.socketId] })
  const rest = [a2.socketId]
  a1.stop()
  await shows(t, client, 'a', rest)
  b.stop()
  await shows(t, client, 'b', [])
}

test('$dir tells who serves a name, and all of them', async (t) => {
  await t.broker()
  await tellsOfAll(t, t.client())
})

test('$dir tells who would serve a name', {
  js: 'knows names as they were registered only'
}, async (t) => {
  await t.broker()
  const client = t.client()
  const wild = await t.worker('foo*', idle)
  const one = await t.worker('svc@1.1.0', idle)
  const two = await t.worker('svc@1.2.0', idle)

  await shows(t, client, 'foobar', [wild.socketId])
  await shows(t, client, 'svc@^1.0.0', [one.socketId, two.socketId])
  await shows(t, client, 'svc@~1.1.0', [one.socketId])
  await shows(t, client, 'svc@2.x', [])
})

test('$dir leads to a worker', async (t) => {
  await t.broker()
  const client = t.client()
  const worker = await t.worker('a', (data, reply) => reply.end('mine'))
  await shows(t, client, 'a', [worker.socketId])
  const [workerId] = (await call(client, '$dir', 'a')).data

  t.equal((await call(client, 'a', 1, { workerId })).data, 'mine')
})

test("PIGATO's directory does its work beside a broker without one",
  async (t) => {
    const broker = await t.broker({ ...TCP, ...NO_DIRECTORY })
    const client = t.client()
    if (!IS_JS) {
      t.equal((await call(client, '$dir', null, { failfast: 1 })).error,
        'NO_WORKER')
    }
    const directory = new PIGATO.services.Directory(broker.address,
      { intch: broker.intch })
    directory.start()
    t.undo.push(() => directory.stop())
    await tellsOfAll(t, client)
  })

test("PIGATO's directory learns at its start who is there", {
  js: 'publishes before anybody can have subscribed'
}, async (t) => {
  const broker = await t.broker({ ...TCP, ...NO_DIRECTORY })
  const client = t.client()
  const worker = await t.worker('a', idle)
  const directory = new PIGATO.services.Directory(broker.address,
    { intch: broker.intch })
  directory.start()
  t.undo.push(() => directory.stop())
  await t.until('its subscription', () => {
    directory.wrk.heartbeat({ update: 1 })
    return directory._dir.a
  })

  await shows(t, client, 'a', [worker.socketId])
})
