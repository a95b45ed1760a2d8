// A worker of PIGATO's own that gives back what it gets:
//
//	node -r shim.js echo-worker.js ADDRESS SERVICE
'use strict'

const PIGATO = require('pigato')
const [address, service] = process.argv.slice(2)
const worker = new PIGATO.Worker(address, service)

worker.on('error', (err) => {
  console.error('worker: ' + err)
  process.exit(1)
})
worker.on('connect', () => console.log('serving ' + service + ' at ' + address))
worker.on('request', (data, reply) => reply.end(data))
worker.start()
