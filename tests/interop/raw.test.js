// Peers in other words than those of the npm package: clients and workers of
// Ruby and Go, and what no library would say.
'use strict'

const { test, call } = require('./lib')

async function ready (raw, service) {
  await raw.send('W', '1', service)
  return raw.receive()
}

test('two clients with one rid get their own replies', {
  js: 'knows a request by its rid alone'
}, async (t) => {
  const held = []
  await t.broker()
  await t.worker('echo', (data, reply) => held.push([data, reply]))
  const one = t.raw('one')
  const two = t.raw('two')
  await one.send('C', '2', 'echo', 'r', '"of one"', '{}')
  await two.send('C', '2', 'echo', 'r', '"of two"', '{}')
  await t.until('both requests', () => held.length === 2)
  held.reverse().forEach(([data, reply]) => {
    reply.write('part ' + data)
    reply.end('end ' + data)
  })

  for (const [raw, data] of [[one, 'of one'], [two, 'of two']]) {
    t.equal((await raw.next()).slice(0, 6),
      ['C', '6', '', 'r', '0', '"part ' + data + '"'])
    t.equal((await raw.next()).slice(0, 6),
      ['C', '3', '', 'r', '0', '"end ' + data + '"'])
  }
})

test('a rid said twice is one request', {
  js: 'runs it twice'
}, async (t) => {
  const held = []
  await t.broker()
  const worker = await t.worker('echo', (data, reply) => held.push(reply))
  const one = t.raw('one')
  await one.send('C', '2', 'echo', 'r', '1', '{}')
  await one.send('C', '2', 'echo', 'r', '1', '{}')
  await one.send('C', '4')
  t.equal(await one.receive(), ['C', '4'])
  await t.heard(worker)
  t.equal(held.length, 1)
  held[0].end('once')
  t.equal((await one.next())[5], '"once"')

  // It is over now, and may be said again.
  await one.send('C', '2', 'echo', 'r', '2', '{}')
  await t.until('the second', () => held.length === 2)
  held[1].end('again')
  t.equal((await one.next())[5], '"again"')
})

test('a worker as in Ruby serves: no options, neither here nor there',
  async (t) => {
    await t.broker()
    const ruby = t.raw('ruby')
    t.equal(await ready(ruby, 'echo'), ['W', '1'])
    await ruby.send('W', '4')
    const reply = call(t.client(), 'echo', { a: 1 })
    const [, type, client, service, empty, rid, data] = await ruby.next()

    t.equal([type, service, empty, data], ['2', 'echo', '', '{"a":1}'])
    await ruby.send('W', '6', client, '', rid, '0', '"part"')
    await ruby.send('W', '3', client, '', rid, '0', '"end"')
    t.equal((await reply).all, ['part', 'end'])
  })

test('a client as in Go is served: options are empty or missing',
  async (t) => {
    await t.broker()
    await t.worker('echo', (data, reply) => reply.end(data))
    const go = t.raw('go')
    await go.send('C', '4')
    t.equal(await go.receive(), ['C', '4'])
    for (const opts of [[], [''], ['{}'], ['null'], ['no JSON'], ['[1]']]) {
      await go.send('C', '2', 'echo', 'r', '"x"', ...opts)
      t.equal((await go.next()).slice(0, 6), ['C', '3', '', 'r', '0', '"x"'])
    }
  })

test('ids and rids may be any bytes', {
  js: 'takes them for text'
}, async (t) => {
  const zmq = require('zeromq')
  const id = Buffer.from([0x01, 0xff, 0x00, 0xc3, 0x28])
  const rid = Buffer.from([0x00, 0xfe, 0x0a, 0x5c])
  const broker = await t.broker()
  const client = new zmq.Dealer({ routingId: 'binary-client', linger: 0 })
  const worker = new zmq.Dealer({ linger: 0 })
  worker.routingId = id.toString('latin1')
  for (const socket of [client, worker]) {
    socket.connect(broker.address)
    t.undo.push(() => socket.close())
  }
  await worker.send(['W', '1', 'bytes'])
  t.equal((await worker.receive()).map(String), ['W', '1'])
  await client.send(['C', '2', 'bytes', rid, Buffer.from([0xff]), '{}'])
  const request = await worker.receive()
  t.equal(request[5], rid)
  t.equal(request[6], Buffer.from([0xff]))
  await worker.send(['W', '3', request[2], '', rid, '0', Buffer.from([0xfe])])
  const reply = await client.receive()
  t.equal(reply[3], rid)
  t.equal(reply[5], Buffer.from([0xfe]))
})

test('a client keeps a silent worker alive, as in Ruby', async (t) => {
  await t.broker({ heartbeat: 200, heartbeat_liveness: 3 })
  const worker = t.raw('silent')
  const client = t.raw('caring')
  t.equal(await ready(worker, 'job'), ['W', '1'])
  for (let i = 0; i < 10; i++) {
    t.equal(await worker.receive(), ['W', '4'])
    await client.send('C', '4', 'worker', 'silent')
  }
  // Left alone, it is lost.
  let message
  do {
    message = await worker.receive()
  } while (message[1] === '4')
  t.equal(message, ['W', '5'])
})

test('a heartbeat for a request reaches its worker in each of its forms', {
  js: 'fails on one and does not know the others'
}, async (t) => {
  await t.broker()
  const worker = t.raw('worker')
  const client = t.raw('client')
  await ready(worker, 'job')
  await client.send('C', '2', 'job', 'r', '1', '{}')
  await worker.next()
  for (const form of [['request', 'r'], ['req', 'r'], ['r']]) {
    await client.send('C', '4', ...form)
    let message
    do {
      message = await worker.receive()
    } while (message.length === 2)
    t.equal(message, ['W', '4', 'client', '', 'r'])
  }
})

test('who is no worker yet is told to become one', async (t) => {
  await t.broker()
  const worker = t.raw('stranger')
  await worker.send('W', '4', '', '{"concurrency":1}')
  t.equal(await worker.receive(), ['W', '5'])
  t.equal(await ready(worker, 'job'), ['W', '1'])
  await worker.send('W', '4', '', '{"concurrency":1}')
  t.equal(await worker.receive(), ['W', '4'])
})
