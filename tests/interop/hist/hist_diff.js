// The percentiles of pigato-benchmark against those of HdrHistogram_c, which
// Node.js has within it: the same latencies, drawn from a seed, are put to
// both, and the percentiles have to be the same to the nanosecond. So figures
// do not depend on whether pigato-benchmark was built with the library or
// with buckets of its own. Prints TAP, one test for each way to draw.
//
//	node hist_diff.js path/to/hist_at [seed]
'use strict'

const { spawnSync } = require('child_process')
const { createHistogram } = require('perf_hooks')

// As src/bench/hist.c has them.
const HIGHEST = 2 ** 42 - 1
const FIGURES = 3

const N = 50000
const PERCENTS = [
  0.001, 0.01, 0.1, 1, 5, 10, 25, 33.3, 50, 66.7, 75, 90, 95, 99, 99.5, 99.9,
  99.95, 99.99, 99.999, 100
]

let state = 0

// xorshift, 32 bits; below 1
function random () {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  state >>>= 0
  return state / 2 ** 32
}

const within = (low, high) => Math.floor(low + random() * (high - low + 1))
const log = (low, high) => Math.floor(low * (high / low) ** random())

const WAYS = {
  'evenly below 2048': () => within(1, 2047),
  'evenly up to a second': () => within(1, 1e9),
  'as many of each power of two, to the end': () => log(1, HIGHEST),
  'of two kinds, one of them rare': () =>
    random() < 0.999 ? log(50e3, 200e3) : log(1e9, 60e9),
  'around the ends of buckets': () =>
    Math.max(1, 2 ** within(0, 41) + within(-2, 2)),
  'all alike': () => 123456789
}

// A bucket's greatest value may be beyond all that are in it; ours is not.
function theirs (values) {
  const h = createHistogram({ lowest: 1, highest: HIGHEST, figures: FIGURES })
  const least = values.reduce((a, b) => Math.min(a, b))
  const most = values.reduce((a, b) => Math.max(a, b))

  values.forEach((v) => h.record(v))
  return PERCENTS.map((p) => Math.max(least, Math.min(h.percentile(p), most)))
}

function ours (program, values) {
  const run = spawnSync(program, PERCENTS.map(String),
    { input: values.join('\n'), encoding: 'utf8' })

  if (run.status !== 0) throw new Error(`${program}: ${run.status}`)
  return run.stdout.trim().split('\n').map(Number)
}

function main (program, seed) {
  let bad = 0

  console.log(`# seed ${seed}`)
  state = seed
  Object.entries(WAYS).forEach(([name, draw], i) => {
    const values = Array.from({ length: N }, draw)
    const got = ours(program, values)
    const want = theirs(values)
    const off = PERCENTS.filter((p, k) => got[k] !== want[k])

    off.forEach((p) => {
      const k = PERCENTS.indexOf(p)
      console.log(`# ${p} %: ${got[k]}, theirs ${want[k]}`)
    })
    bad += off.length
    console.log(`${off.length > 0 ? 'not ' : ''}ok ${i + 1} - latencies ${name}`)
  })
  console.log(`1..${Object.keys(WAYS).length}`)
  process.exitCode = bad > 0 ? 1 : 0
}

main(process.argv[2], Number(process.argv[3]) || 1)
