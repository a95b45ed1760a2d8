// PIGATO's own broker, and its directory beside it, with pigatod's settings
// in JSON as its argument; says what pigatod says in its log.
'use strict'

const PIGATO = require('pigato')

const conf = JSON.parse(process.argv[2])
const broker = new PIGATO.Broker(conf.bind, {
  intch: conf.intch,
  heartbeat: conf.heartbeat || 2500,
  dmode: conf.dispatch || 'load'
})

broker.on('error', (err) => console.error('error event ' + err))
broker.on('start', () => {
  const address = broker.socket._socket.lastEndpoint
  const intch = broker.pub._socket.lastEndpoint

  if (conf.directory !== false) {
    new PIGATO.services.Directory(address, { intch }).start()
  }
  console.error('info: listening address=' + address)
  console.error('info: listening intch=' + intch)
  console.error('info: pigatod ready version=js')
})
broker.start()
// Early peers find it while it is binding still. The zmq module of old kept
// what was to be sent then; today's refuses it.
for (const socket of [broker.socket, broker.pub]) socket.on('error', () => {})
process.on('SIGTERM', () => process.exit(0))
