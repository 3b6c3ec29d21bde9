// Measures what plugins cost for each delta: `node run.mjs <what.json>`, where `cargo xtask bench` writes
// what is to be measured, and reads the figures as JSON from standard output.

import { readFileSync } from 'node:fs'
import { deltasOf } from './deltas.mjs'
import { load } from './candidate.mjs'
import { measure, median, warmUp } from './rounds.mjs'

const what = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const candidates = []
for (const candidate of what.candidates) candidates.push(await load(candidate, what.server))

// Some are there for one kind only.
const only = new Map(what.candidates.map(({ name, only }) => [name, only]))
const taking = (kind) => candidates.filter(({ name }) => !only.get(name) || only.get(name) === kind)

const kinds = what.deltas.map((name) => ({ name, deltas: deltasOf(name, what.bus) }))
for (const { name, deltas } of kinds) warmUp(taking(name), deltas)

const figures = kinds.map(({ name, deltas }) => {
  const sizes = deltas.map((delta) => Buffer.byteLength(JSON.stringify(delta)))
  const measured = measure(taking(name), deltas, what.rounds, what.microseconds)
  return { name, bytes: Math.round(median(sizes)), measured }
})
for (const candidate of candidates) candidate.check()
process.stdout.write(JSON.stringify({ node: process.version, figures }))
