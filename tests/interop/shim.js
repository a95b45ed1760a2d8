// To be preloaded, `node -r ./shim.js`: what require('zmq') gives. The zmq
// module is gone; zeromq's face for its users takes its place, with the two
// things that PIGATO asks of the old one and the new one lacks.
'use strict'

const Module = require('module')
const zmq = require('zeromq/v5-compat')

const load = Module._load
Module._load = function (name, ...rest) {
  return name === 'zmq' ? zmq : load.call(this, name, ...rest)
}

Object.defineProperty(zmq.Socket.prototype, '_zmq', {
  get () { return { state: this.closed ? zmq.STATE_CLOSED : zmq.STATE_READY } }
})

// PUB and SUB have no use for an identity; setting it was allowed, though.
zmq.socket = zmq.createSocket = (type) => {
  const socket = new zmq.Socket(type)
  if (type === 'pub' || type === 'sub') {
    Object.defineProperty(socket, 'identity', { value: '', writable: true })
  }
  return socket
}
