// Each make of client with each make of worker: wildcards, versions, $dir.
'use strict'

const { pairs } = require('./cross')

// A worker that answers with its own name and the one it was asked by.
const named = (p, service) => p.worker(service,
  (data, reply) => reply.end([service, reply.asked]))

async function servedBy (t, client, requests) {
  for (const name of Object.keys(requests)) {
    t.equal((await client.call(name, 1)).data, [requests[name], name])
  }
}

pairs('foo* serves whatever begins so', async (t, p) => {
  await t.broker()
  await named(p, 'foo*')
  await named(p, 'bar')
  await servedBy(t, p.client(), {
    foo: 'foo*', foobar: 'foo*', 'foo-1': 'foo*', 'foo/bar baz': 'foo*',
    'foo*': 'foo*', bar: 'bar', 'foo-ä漢': 'foo*'
  })
})

pairs('the longest prefix serves, and the literal name before it',
  async (t, p) => {
    await t.broker()
    for (const name of ['*', 'foo*', 'foo-bar*', 'foo-bar-baz']) {
      await named(p, name)
    }
    await servedBy(t, p.client(), {
      fo: '*', foo: 'foo*', 'foo-ba': 'foo*', 'foo-bar': 'foo-bar*',
      'foo-bar-ba': 'foo-bar*', 'foo-bar-baz': 'foo-bar-baz',
      'foo-bar-baz-': 'foo-bar*', x: '*'
    })
  })

pairs('a request waits for a wildcard, too', {
  js: 'stumbles over a name that nobody serves'
}, async (t, p) => {
  await t.broker()
  const client = p.client()
  const waiting = client.call('foobar', 1)
  await named(p, 'bar')
  await servedBy(t, client, { bar: 'bar' })
  await named(p, 'foo*')

  t.equal((await waiting).data, ['foo*', 'foobar'])
})

const VERSIONS = { js: 'stumbles over its own lodash' }

pairs('a range is served by the versions that satisfy it', VERSIONS,
  async (t, p) => {
    const versions = ['1.0.0', '1.2.3', '1.9.0', '2.0.0', '2.1.0-beta.1']
    await t.broker({ dispatch: 'rr' })
    for (const version of versions) await named(p, 'svc@' + version)
    const client = p.client()
    const whoServes = async (range, count) => {
      const seen = new Set()
      for (let i = 0; i < 20; i++) {
        const { data } = await client.call('svc@' + range, 1)
        t.equal(data[1], 'svc@' + range)
        seen.add(data[0])
      }
      t.equal(Array.from(seen).sort(), count.map((v) => 'svc@' + v).sort())
    }

    await whoServes('^1.0.0', ['1.0.0', '1.2.3', '1.9.0'])
    await whoServes('~1.2', ['1.2.3'])
    await whoServes('1.x || 2.x', ['1.0.0', '1.2.3', '1.9.0', '2.0.0'])
    await whoServes('1.0.0 - 1.5.0', ['1.0.0', '1.2.3'])
    await whoServes('1.2.3', ['1.2.3'])
    await whoServes('>2.0.0 <=2.1.0-beta.2', ['2.1.0-beta.1'])
  })

pairs('a range waits for its version', VERSIONS, async (t, p) => {
  await t.broker()
  const client = p.client()
  const waiting = client.call('svc@^2.0.0', 1)
  await named(p, 'svc@1.9.9')
  await named(p, 'svc@3.0.0')
  t.equal((await client.call('svc@^1.0.0', 1)).data[0], 'svc@1.9.9')
  await named(p, 'svc@2.0.1')

  t.equal((await waiting).data, ['svc@2.0.1', 'svc@^2.0.0'])
})

// ---- $dir ----

const idle = (data, reply) => reply.end()

// Asks until the answer is this one: the directory may be a moment behind.
async function shows (t, client, data, want) {
  let got
  t.waitsFor = '$dir ' + data + ' to be ' + JSON.stringify(want)
  do {
    got = (await client.call('$dir', data)).data
    // $dir may be in it or not.
    if (data === null) got = { a: got.a, b: got.b }
  } while (JSON.stringify(sorted(got)) !== JSON.stringify(sorted(want)))
}

function sorted (value) {
  if (Array.isArray(value)) return value.slice().sort()
  return Object.keys(value).sort().map((key) => [key, sorted(value[key])])
}

pairs('$dir tells who serves a name, and all of them', async (t, p) => {
  await t.broker()
  const client = p.client()
  const a1 = await p.worker('a', idle)
  const a2 = await p.worker('a', idle)
  const b = await p.worker('b', idle)
  const { id } = a2

  await shows(t, client, 'a', [a1.id, id])
  await shows(t, client, 'b', [b.id])
  await shows(t, client, 'none', [])
  await shows(t, client, null, { a: [a1.id, id], b: [b.id] })
  a1.stop()
  await shows(t, client, 'a', [id])
  b.stop()
  await shows(t, client, 'b', [])
})

pairs('$dir leads to a worker', async (t, p) => {
  await t.broker()
  const client = p.client()
  const mine = await p.worker('a', (data, reply) => reply.end('mine'))
  await p.worker('b', (data, reply) => reply.end('not mine'))
  await shows(t, client, 'a', [mine.id])
  const [workerId] = (await client.call('$dir', 'a')).data

  t.equal((await client.call('a', 1, { workerId })).data, 'mine')
})

pairs('$dir forgets a worker that was killed', async (t, p) => {
  await t.broker({ heartbeat: 200, heartbeat_liveness: 3 })
  const client = p.client()
  const kept = await p.keeper('a', { heartbeat: 50 })
  await shows(t, client, 'a', [kept.id])
  await kept.kill()
  await shows(t, client, 'a', [])
})
