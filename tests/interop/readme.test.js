// The program in JavaScript of README.md, as it stands there but for the
// address of the broker.
'use strict'

const fs = require('fs')
const path = require('path')
const { spawn } = require('child_process')
const { test, TCP } = require('./lib')

const README = path.join(process.env.top_srcdir, 'README.md')

// The indented block that begins by taking PIGATO in.
function program (text) {
  const lines = text.split('\n')
  const begin = lines.findIndex((line) => line.startsWith('\tconst PIGATO'))
  const end = lines.findIndex((line, i) => i > begin && /^\S/.test(line))

  return lines.slice(begin, end).map((line) => line.slice(1)).join('\n')
}

test('the program in README.md serves, asks and is answered', async (t) => {
  const broker = await t.broker(TCP)
  const file = path.join(__dirname, 'readme-program.js')
  const text = program(fs.readFileSync(README, 'utf8'))
  let said = ''

  fs.writeFileSync(file,
    text.replaceAll('tcp://127.0.0.1:55555', broker.address))
  const child = spawn(process.execPath, ['-r', './shim.js', file])
  t.undo.push(() => {
    child.removeAllListeners('exit') // as it ought to, now
    child.kill()
  })
  child.stdout.on('data', (data) => { said += data })
  child.stderr.on('data', (data) => t.fail('it complains: ' + data))
  child.on('exit', () => t.fail('it ended'))
  await t.until('both replies', () => said.split('\n').length > 2)
  t.equal(said, 'one moment\nhello world\n')
})
