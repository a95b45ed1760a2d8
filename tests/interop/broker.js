// A broker in a process of its own: pigatod, or PIGATO's by js-broker.js. It
// picks its ports and tells of them in the words of pigatod's log.
'use strict'

const { spawn } = require('child_process')
const path = require('path')

const LOG_LINES = 15
const ANY_PORT = 'tcp://127.0.0.1:*'

function command (conf) {
  if (process.env.BROKER === 'js') {
    return [process.execPath, ['-r', path.join(__dirname, 'shim.js'),
      path.join(__dirname, 'js-broker.js'), JSON.stringify(conf)]]
  }
  const args = Object.keys(conf).map((key) => '--' + key + '=' + conf[key])
  return [process.env.PIGATOD || './pigatod', args]
}

// Reads lines; keeps the last of them in log.
function readLines (stream, log, onLine) {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()
    for (const line of lines) {
      log.push(line)
      if (log.length > LOG_LINES) log.shift()
      onLine(line)
    }
  })
}

class Broker {
  constructor (conf) {
    this.conf = { bind: ANY_PORT, intch: ANY_PORT, ...conf }
    this.log = []
    this.child = null
    this.lost = new Promise((resolve) => { this.onLost = resolve })
  }

  start () {
    const [program, args] = command(this.conf)
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let isUp = false

    this.child = child
    this.isWanted = true
    this.ended = new Promise((resolve) => {
      const done = (how) => {
        if (this.isWanted && isUp) this.onLost(how)
        resolve(how)
      }
      child.on('error', (err) => done(String(err)))
      child.on('exit', (status, signal) => done(signal || status))
    })
    return new Promise((resolve, reject) => {
      this.ended.then((how) => reject(
        new Error(program + ' did not start: ' + how + '\n' +
          this.log.join('\n'))))
      readLines(child.stderr, this.log, (line) => {
        const found = / listening (address|intch)=(\S+)/.exec(line)
        if (found) this[found[1]] = found[2]
        if (/pigatod ready/.test(line)) {
          isUp = true
          resolve(this)
        }
      })
    })
  }

  // Ends it, and gives its exit status or the name of the signal.
  stop (signal) {
    this.isWanted = false
    this.child.kill(signal)
    return this.ended
  }

  // Begins anew where it was.
  async restart (signal) {
    await this.stop(signal)
    this.conf.bind = this.address
    this.conf.intch = this.intch
    await this.start()
  }

  // As a user would end it; complains if it does not end well.
  async end () {
    const how = await this.stop('SIGTERM')
    if (how !== 0) throw new Error('the broker ended with ' + how)
  }
}

module.exports = { startBroker: (conf) => new Broker(conf).start() }
