// Hands an hour of a busy bus over, as fast as it goes, by a clock that is as fast: `node hour.mjs
// <what.json>`. Prints how much memory each instance has in the end, and had before.

import { readFileSync } from 'node:fs'
import { WASI } from 'node:wasi'
import { deltasOf } from './deltas.mjs'
import { load } from './candidate.mjs'

const MINUTE = 60_000

// In milliseconds.
let now = Date.UTC(2026, 10, 30, 12)

// WebAssembly has no other clock than this.
const { getImportObject, initialize } = WASI.prototype
WASI.prototype.getImportObject = function () {
  const imports = getImportObject.call(this)
  const clock_time_get = (_clock, _precision, pointer) => {
    const view = new DataView(this.memory.buffer)
    view.setBigUint64(pointer, BigInt(now) * 1_000_000n, true)
    return 0
  }
  return { wasi_snapshot_preview1: { ...imports.wasi_snapshot_preview1, clock_time_get } }
}
WASI.prototype.initialize = function (instance) {
  this.memory = instance.exports.memory
  return initialize.call(this, instance)
}

const what = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const deltas = deltasOf('bus', what.bus)
const told = []
for (const candidate of what.candidates) {
  const loaded = await load(candidate, what.server)
  const memory = () => loaded.plugin.exports.memory.buffer.byteLength
  const began = performance.now()
  const figures = { name: candidate.name, started: memory() }
  for (let given = 0; given < what.minutes * MINUTE; given++) {
    const delta = deltas[given % deltas.length]
    if (given % 1000 === 0) loaded.plugin.poll()
    if (given === MINUTE) figures.minute = memory()
    delta.updates[0].timestamp = new Date(now).toISOString()
    loaded.feed([delta], 0, 1)
    now++
  }
  loaded.expect(deltas, 0, what.minutes * MINUTE)
  loaded.check()
  told.push({ ...figures, hour: memory(), seconds: (performance.now() - began) / 1000 })
}
process.stdout.write(JSON.stringify(told))
