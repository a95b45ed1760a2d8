// A worker that keeps its requests and never answers: keeper.js ADDRESS
// SERVICE CONF. Tells its parent its id, then of each request.
'use strict'

const PIGATO = require('pigato')

const [address, service, conf] = process.argv.slice(2)
const worker = new PIGATO.Worker(address, service, JSON.parse(conf))

worker.on('connect', () => process.send({ id: worker.socketId }))
worker.on('request', (data, reply) => {
  if (data && data.partial) reply.write(data.partial)
  process.send({ request: data })
})
worker.start()
process.on('disconnect', () => process.exit())
