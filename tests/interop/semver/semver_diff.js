// Our semver against the npm package: pairs of a version and a range, drawn
// from a seed, are put to both. Most ranges are built around their version,
// so that the answer hangs on a detail; many are spoilt on purpose. Prints
// TAP, one test for each way to draw.
//
//	node semver_diff.js path/to/semver_pairs [seed [pairs]]
//
// Texts are bytes, as they come from the wire: what the package sees is their
// UTF-8 decoded. A malformed range is one that nothing satisfies, in both.
// Ours reads no more than 256 bytes; the package counts UTF-16 units, and for
// a range it doesn't count at all. Over 256 bytes the answer has to be no.
//
// What builds, blanks and late numbers (x.2) out of place mean has changed
// within 7.x; the package has to be 7.8.4 or later.
'use strict'

const { spawnSync } = require('child_process')
const semver = require('semver')
const PACKAGE = require('semver/package.json').version

const OLDEST = '7.8.4'
const MAX_BYTES = 256
const BATCH = 20000
const SHOWN = 10 // mismatches per test

let state = 0

// xorshift, 32 bits
function random (n) {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  state >>>= 0
  return state % n
}

const chance = (percent) => random(100) < percent
const pick = (list) => list[random(list.length)]
const many = (n, draw) => Array.from({ length: n }, draw)

// ---- pieces ----

const LARGE = [
  '9007199254740990', '9007199254740991', '9007199254740992',
  '9007199254740993', '18446744073709551616', '99999999999999999999999',
  '9'.repeat(60), '1' + '0'.repeat(200), '4294967296', '2147483648'
]
const BAD_NUMBERS = ['00', '01', '007', '-1', '1e3', '']
const SPACES = [
  ' ', ' ', ' ', '  ', '\t', '\n', '\r\n', '\v', '\f', ' \t ',
  '\u00a0', '\u1680', '\u2000', '\u200a', '\u2028', '\u2029', '\u202f',
  '\u205f', '\u3000', '\ufeff'
]
const NO_SPACES = ['\u0085', '\u200b', '\u180e', '\u0000', '\u2060', '_']
const IDS = [
  '0', '1', '2', '3', '10', '11', 'alpha', 'beta', 'rc', 'a', 'b', 'A', 'x',
  'X', 'v', '-', '--', 'a-b', '1a', '0a', '01a', '-1', '1-', 'alpha1', 'v1'
]
const LARGE_IDS = [
  '9007199254740989', '9007199254740990', '9007199254740991',
  '9007199254740992', '9007199254740993', '9007199254740994',
  '99999999999999999999', '100000000000000000000', '100000000000000000001',
  '100000000000000016384', '7'.repeat(100), 'z'.repeat(200)
]
const PREFIXES = ['v', '=', 'v=', '=v', '==', 'vv', ' v', 'v ', '= ', ' ']
const OPS = ['', '', '=', '<', '<=', '>', '>=', '^', '^', '~', '~', '~>']
const BAD_OPS = [
  '==', '=<', '=>', '<>', '!', '!=', '~=', '^=', '~<', '~>=', '^>', '><',
  '>>', '~~', '^^', '~^', '<==', '>==', '> =', '< =', '*', '>*', '='
]
const CHARS = '0123456789..--++**xXvV==<>^~|| \t,aAzZ_!/()'
const PIECES = [
  '0', '1', '1.0.0', '0.0.0', '1.0.0-a', '0.0.0-0', '1.1', '1.x', 'x', 'X',
  '*', '.', '.0', '.x', '-0', '-a', 'v', '=', '<', '>', '<=', '>=', '~', '^',
  '~>', ' ', ' ', ' ', ' - ', '-', '||', '|', '+a', ' +a ', '+', '00',
  '>=0.0.0', '>=0.0.0 ', '<0.0.0-1', '||0.0.0-0'
]
const SMALL = ['0.0.0', '0.0.1', '0.1.0', '1.0.0', '1.1.1', '2.0.0',
  '0.0.0-0', '1.0.0-0', '1.0.0-a']

const join = (list, between) =>
  list.reduce((text, one) => text + between() + one)

function number () {
  const n = random(200)
  if (n === 0) return pick(LARGE)
  if (n === 1) return pick(BAD_NUMBERS)
  return String(n < 100 ? random(3) : n < 190 ? random(11) : random(1e6))
}

function id () {
  const n = random(60)
  return n === 0 ? pick(LARGE_IDS) : n === 1 ? pick(BAD_NUMBERS) : pick(IDS)
}

const ids = () => many(1 + random(chance(20) ? 4 : 2), id).join('.')
const build = () => '+' + many(1 + random(2), () =>
  pick(['b', '1', '01', 'sha-1', 'x', '-', chance(5) ? '' : '9'])).join('.')

const space = () => pick(SPACES)

// A version in parts: numbers as text, and a pre-release or ''.
function draw () {
  const parts = chance(5) ? ['0', '0', '0'] : many(3, number)
  return { parts, pre: chance(35) ? ids() : '' }
}

const bump = (part) => /^\d{1,9}$/.test(part)
  ? String(Math.max(0, Number(part) + pick([-1, 1])))
  : number()

// A version that is v, or near to it.
function near (v) {
  const parts = v.parts.slice()
  let pre = v.pre

  if (chance(40)) {
    const i = random(3)
    parts[i] = bump(parts[i])
    for (let k = i + 1; k < 3; k++) {
      parts[k] = chance(50) ? '0' : number()
    }
  }
  if (chance(30)) {
    pre = chance(40) ? '' : chance(50) || !pre ? ids() : pre + '.' + id()
  }
  return { parts, pre }
}

function write (v) {
  return v.parts.join('.') + (v.pre ? '-' + v.pre : '')
}

function versionText (v) {
  let text = write(v)
  if (chance(10)) text = 'v' + text
  if (chance(2)) text = pick(PREFIXES) + text
  if (chance(10)) text += build()
  if (chance(5)) text = space() + text
  if (chance(5)) text += space()
  return text
}

// Some parts of v, the others left out or an x.
function partial (v) {
  const parts = v.parts.slice()
  const known = pick([0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3])
  const x = () => pick(['x', 'X', '*'])

  for (let i = known; i < 3; i++) {
    parts[i] = x()
  }
  if (chance(3)) parts[random(3)] = x()
  if (known < 3 && chance(50)) parts.length = Math.max(1, known)
  if (known === 0 && chance(10)) return ''
  return parts.join('.') +
    (v.pre && (known === 3 || chance(5)) ? '-' + v.pre : '')
}

function token (v, ops) {
  let text = partial(near(v))
  if (chance(6)) text = pick(PREFIXES) + text
  if (chance(10)) text += build()
  return pick(chance(2) ? BAD_OPS : ops) + (chance(12) ? space() : '') + text
}

const list = (v, n, ops) => join(many(n, () => token(v, ops)), space)

function hyphen (v) {
  const side = () => (chance(8) ? pick(PREFIXES) : '') + partial(near(v)) +
    (chance(8) ? build() : '') + (chance(2) ? ' ' + build() : '')
  const dash = chance(95)
    ? space() + '-' + space()
    : pick(['-', ' -', '- ', ' -- ', ' - - ', ' - ' + build() + ' '])
  return (chance(3) ? build() + ' ' : '') + side() + dash + side() +
    (chance(3) ? space() + token(v, OPS) : '')
}

const set = (v) => chance(25) ? hyphen(v) : list(v, 1 + random(3), OPS)

const union = (v) => join(
  many(1 + random(3), () => chance(6) ? pick(['', '*', 'x', ' ']) : set(v)),
  () => pick(['||', ' || ', '|| ', ' ||', chance(3) ? '|' : '\t||\n']))

// A star where none belongs, and builds with blanks around them.
function odd (v) {
  let text = chance(70) ? list(v, 1 + random(2), OPS) : hyphen(v)
  for (let n = 1 + random(2); n > 0; n--) {
    const at = chance(40) ? text.length : random(text.length + 1)
    text = text.slice(0, at) + pick(['*', '>*', '<=*', '=*', '> *', '>=<*', '><*',
      ' ', ' ' + build() + ' ', build(), ' ' + build(), '~ ', '^ ', '~> ',
      '> ', '= ', '>', '=', 'v', ' v', '||', 'x', '.x', '.*']) + text.slice(at)
  }
  return text
}

function mutate (text) {
  const chars = Array.from(text)
  for (let n = 1 + random(3); n > 0; n--) {
    const at = random(chars.length + 1)
    const how = random(5)
    const c = chance(8) ? pick(NO_SPACES) : chance(8) ? space() : pick(CHARS)
    if (how === 0) chars.splice(at, 1)
    else if (how === 1) chars.splice(at, 0, c)
    else if (how === 2) chars.splice(at, 1, c)
    else if (how === 3) chars.splice(at, 0, ...chars.slice(at, at + 3))
    else chars.splice(at, 2, ...chars.slice(at, at + 2).reverse())
  }
  return chars.join('')
}

// Where doubles get sparse, halfway between two of them, and where one digit
// more is the same.
function largeNumber () {
  if (chance(30)) return String(10n ** BigInt(14 + random(20)))
  const bits = 50 + random(chance(50) ? 20 : 400)
  const gap = 2n ** BigInt(Math.max(0, bits - 53))
  return String(2n ** BigInt(bits) + BigInt(random(5)) * gap +
    BigInt(random(3)) * gap / 2n + BigInt(random(3) - 1))
}

function nearNumber (text) {
  const n = BigInt(text)
  const gap = 2n ** BigInt(Math.max(0, n.toString(2).length - 53))
  const by = pick([0n, 1n, gap / 2n, gap / 2n + 1n, gap, gap * 3n / 2n])
  return String(chance(50) ? n + by : n - by) + (chance(5) ? '0' : '')
}

// In a part they are at the end of what JS can count.
function drawLarge () {
  const at = random(4)
  const v = { parts: many(3, () => String(random(3))), pre: '' }
  if (at === 3) v.pre = largeNumber() + pick(['', '.0', '.1', '-'])
  else v.parts[at] = String(2n ** 53n + BigInt(random(5) - 3))
  return v
}

function nearLarge (v) {
  const near = (text) => text.replace(/\d{15,}/, nearNumber)
  return pick(OPS) +
    near(chance(70) ? write(v) : v.parts.slice(0, 1 + random(3)).join('.'))
}

const pieces = () => many(1 + random(8), () => pick(PIECES)).join('')
const junk = () => many(random(14), () => pick(CHARS)).join('')

function bytes (text) {
  const b = Buffer.from(text)
  for (let n = random(3); n > 0 && b.length > 0; n--) {
    b[random(b.length)] = chance(50) ? 128 + random(128) : random(256)
  }
  return b
}

// Texts of about 256 bytes: a long identifier, many sets, much space.
function long (v) {
  const n = 230 + random(40)
  const fill = (c) => c.repeat(Math.max(1, n - write(v).length))
  const text = pick([
    () => write(v) + '-' + fill('a'),
    () => write(v) + '+' + fill('1'),
    () => set(v) + ' '.repeat(n),
    () => '\u00a0'.repeat(n >> 1) + token(v, OPS),
    () => many(n / 8 | 0, () => partial(near(v))).join(' || '),
    () => many(n / 8 | 0, () => '>=' + partial(v)).join(' ')
  ])()
  return chance(50) ? text.slice(0, MAX_BYTES + random(3) - 1) : text
}

// ---- ways to draw: name, version of v, range around v, how to draw v ----

const WAYS = [
  ['carets', versionText, (v) => list(v, 1, ['^'])],
  ['tildes', versionText, (v) => list(v, 1, ['~', '~>'])],
  ['operators', versionText, (v) => list(v, 1, ['', '=', '<', '<=', '>', '>='])],
  ['lists', versionText, (v) => list(v, 1 + random(3), OPS)],
  ['hyphens', versionText, hyphen],
  ['unions', versionText, union],
  ['stars and builds out of place', versionText, odd],
  ['spoilt ranges', versionText, (v) => mutate(union(v))],
  ['spoilt versions', (v) => mutate(versionText(v)), (v) => pick(['', set(v)])],
  ['long texts', (v) => chance(30) ? long(v) : versionText(v), long],
  ['large numbers', write, nearLarge, drawLarge],
  ['pieces in any order', () => pick(SMALL), pieces],
  ['junk', (v) => chance(50) ? versionText(v) : junk(), junk],
  ['any bytes', (v) => chance(80) ? versionText(v) : bytes(versionText(v)),
    (v) => bytes(union(v))]
]

function drawPair ([, version, range, drawVersion = draw]) {
  const v = drawVersion()
  return [Buffer.from(version(v)), Buffer.from(range(v))]
}

function ask (binary, pairs) {
  const input = pairs.map(([v, r]) =>
    v.toString('hex') + '\t' + r.toString('hex') + '\n').join('')
  const run = spawnSync(binary, [],
    { input, encoding: 'latin1', maxBuffer: 1 << 26 })
  if (run.error || run.status !== 0) {
    throw new Error(binary + ': ' + (run.error || run.signal ||
      'status ' + run.status) + '\n' + run.stderr)
  }
  return run.stdout.split('\n').slice(0, -1)
}

function expected ([v, r]) {
  const version = v.length <= MAX_BYTES && semver.valid(v.toString()) !== null
  return (version ? '1' : '0') + (version && r.length <= MAX_BYTES &&
    semver.satisfies(v.toString(), r.toString()) ? '1' : '0')
}

function compare (binary, pairs, count) {
  const got = ask(binary, pairs)
  if (got.length !== pairs.length) {
    throw new Error(got.length + ' answers to ' + pairs.length + ' pairs')
  }
  pairs.forEach((pair, i) => {
    const want = expected(pair)
    count.versions += want[0] === '1'
    count.yes += want[1] === '1'
    if (got[i] !== want && ++count.wrong <= SHOWN) {
      count.shown.push(pair.map((b) => JSON.stringify(b.toString()))
        .join(' ') + ' is ' + got[i] + ', want ' + want)
    }
  })
}

function test (binary, way, pairs) {
  const count = { wrong: 0, versions: 0, yes: 0, shown: [] }
  for (let left = pairs; left > 0; left -= BATCH) {
    compare(binary, many(Math.min(left, BATCH), () => drawPair(way)), count)
  }
  return count
}

function main ([binary, seed = '1', pairs = '60000']) {
  if (!binary || !(seed > 0) || !(pairs > 0)) {
    console.error('usage: semver_diff.js path/to/semver_pairs [seed [pairs]]')
    return 2
  }
  if (semver.lt(PACKAGE, OLDEST)) {
    console.log('Bail out! semver ' + PACKAGE + ' is older than ' + OLDEST)
    return 1
  }
  const perWay = Math.ceil(pairs / WAYS.length)
  let total = 0
  let yes = 0
  let wrong = 0

  console.log('1..' + (WAYS.length + 1))
  console.log('# semver ' + PACKAGE + ', seed ' + seed)
  state = seed >>> 0 || 1
  WAYS.forEach((way, i) => {
    const count = test(binary, way, perWay)
    console.log((count.wrong ? 'not ok ' : 'ok ') + (i + 1) + ' - ' + way[0] +
      ' (' + perWay + ' pairs, ' + count.versions + ' versions, ' +
      count.yes + ' yes)')
    if (count.wrong) console.log('# ' + count.wrong + ' differ; the first:')
    count.shown.forEach((line) => console.log('# ' + line))
    total += perWay
    yes += count.yes
    wrong += count.wrong
  })
  // With few answers of yes, or of no, the comparison would say little.
  const isFair = yes > total / 5 && yes < total * 4 / 5
  console.log((isFair ? 'ok ' : 'not ok ') + (WAYS.length + 1) +
    ' - a fifth and more say yes, and no (' + yes + ' of ' + total + ' yes)')
  return wrong || !isFair ? 1 : 0
}

process.exitCode = main(process.argv.slice(2))
