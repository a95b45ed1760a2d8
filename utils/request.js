// One request by a client of PIGATO's own; its replies as lines of JSON:
//
//	node -r shim.js request.js ADDRESS SERVICE [JSON]
'use strict'

const PIGATO = require('pigato')
const [address, service, text] = process.argv.slice(2)
const client = new PIGATO.Client(address)

client.start()
client.request(service, text === undefined ? null : JSON.parse(text),
  { timeout: 10000 })
  .on('data', (data) => console.log(JSON.stringify(data)))
  .on('error', (err) => {
    console.error('error: ' + err)
    process.exitCode = 1
  })
  .on('end', () => client.stop())
