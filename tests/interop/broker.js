// A broker in a process of its own: pigatod, or PIGATO's by js-broker.js. It
// listens in a directory of its own, where no stranger that looks for an old
// broker comes by, or where it is told to; it says where in the words of
// pigatod's log.
'use strict'

const { spawn } = require('child_process')
const fs = require('fs')
const os = require('os')
const path = require('path')

const LOG_LINES = 15

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
    this.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'pigatod-test.'))
    this.conf = {
      bind: 'ipc://' + this.dir + '/broker',
      intch: 'ipc://' + this.dir + '/intch',
      admin_bind: 'none',
      ...conf
    }
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
    this.clear()
    if (how !== 0) throw new Error('the broker ended with ' + how)
  }

  clear () {
    fs.rmSync(this.dir, { recursive: true, force: true })
  }
}

function startBroker (conf) {
  const broker = new Broker(conf)
  return broker.start().catch((err) => {
    broker.clear()
    throw err
  })
}

module.exports = { startBroker, readLines }
