// Service names: wildcards and versions.
'use strict'

const { test, call } = require('./lib')

// A worker that answers with its own name and the one it was asked by.
function named (t, service) {
  return t.worker(service, function (data, reply) {
    const asked = Array.from(this.reqs.values()).pop().service
    reply.end([service, asked])
  })
}

async function servedBy (t, client, requests) {
  for (const name of Object.keys(requests)) {
    t.equal((await call(client, name, 1)).data, [requests[name], name])
  }
}

test('foo* serves whatever begins so', async (t) => {
  await t.broker()
  await named(t, 'foo*')
  await named(t, 'bar')
  await servedBy(t, t.client(), {
    foo: 'foo*', foobar: 'foo*', 'foo-1': 'foo*', 'foo/bar baz': 'foo*',
    'foo*': 'foo*', bar: 'bar'
  })
})

test('the longest prefix serves, and the literal name before it',
  async (t) => {
    await t.broker()
    for (const name of ['*', 'foo*', 'foo-bar*', 'foo-bar-baz']) {
      await named(t, name)
    }
    await servedBy(t, t.client(), {
      fo: '*', foo: 'foo*', 'foo-ba': 'foo*', 'foo-bar': 'foo-bar*',
      'foo-bar-ba': 'foo-bar*', 'foo-bar-baz': 'foo-bar-baz',
      'foo-bar-baz-': 'foo-bar*', x: '*'
    })
  })

test('a name whose workers went falls back to the wildcard', {
  js: 'lets the wildcard serve beside them'
}, async (t) => {
  await t.broker()
  await named(t, 'foo*')
  const literal = await named(t, 'foobar')
  const client = t.client()
  await servedBy(t, client, { foobar: 'foobar' })
  literal.stop()
  // Nobody tells a client of it; until it is so, it has the literal's answer.
  let last = null
  while (last !== 'foo*') {
    const { error, data } = await call(client, 'foobar', 1, { retry: 1 })
    t.equal(error, null)
    last = data[0]
  }
})

test('a request waits for a wildcard, too', {
  js: 'stumbles over a name that nobody serves'
}, async (t) => {
  await t.broker()
  const client = t.client()
  const waiting = call(client, 'foobar', 1)
  await named(t, 'bar')
  await servedBy(t, client, { bar: 'bar' })
  await named(t, 'foo*')

  t.equal((await waiting).data, ['foo*', 'foobar'])
})

const VERSIONS = { js: 'stumbles over its own lodash' }

test('a range is served by the versions that satisfy it', VERSIONS,
  async (t) => {
    const versions = ['1.0.0', '1.2.3', '1.9.0', '2.0.0', '2.1.0-beta.1']
    await t.broker({ dispatch: 'rr' })
    for (const version of versions) await named(t, 'svc@' + version)
    const client = t.client()
    const whoServes = async (range, count) => {
      const seen = new Set()
      for (let i = 0; i < 20; i++) {
        const { data } = await call(client, 'svc@' + range, 1)
        t.equal(data[1], 'svc@' + range)
        seen.add(data[0])
      }
      t.equal(Array.from(seen).sort(), count.map((v) => 'svc@' + v).sort())
    }

    await whoServes('^1.0.0', ['1.0.0', '1.2.3', '1.9.0'])
    await whoServes('~1.2', ['1.2.3'])
    await whoServes('>=1.9', ['1.9.0', '2.0.0'])
    await whoServes('1.x || 2.x', ['1.0.0', '1.2.3', '1.9.0', '2.0.0'])
    await whoServes('1.0.0 - 1.5.0', ['1.0.0', '1.2.3'])
    await whoServes('*', ['1.0.0', '1.2.3', '1.9.0', '2.0.0'])
    await whoServes('1.2.3', ['1.2.3'])
    await whoServes('>2.0.0 <=2.1.0-beta.2', ['2.1.0-beta.1'])
  })

test('a range waits for its version', VERSIONS, async (t) => {
  await t.broker()
  const client = t.client()
  const waiting = call(client, 'svc@^2.0.0', 1)
  await named(t, 'svc@1.9.9')
  await named(t, 'svc@3.0.0')
  await named(t, 'svc*')
  t.equal((await call(client, 'svc@^1.0.0', 1)).data[0], 'svc@1.9.9')
  await named(t, 'svc@2.0.1')

  t.equal((await waiting).data, ['svc@2.0.1', 'svc@^2.0.0'])
})
