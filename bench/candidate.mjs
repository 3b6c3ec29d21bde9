// Plugins, each loaded as the server does: by the server's own loader.

import { createRequire } from 'node:module'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OWN } from './deltas.mjs'

// A handler must have read the value, not only have been called.
const COUNTS = {
  // Its count is not told.
  untold: undefined,
  nothing: () => [],
  ownPosition: (delta) => (delta.context === OWN ? positions(delta) : []),
  // For those that do not look at whose position it is.
  anyPosition: positions,
  pathLetters: (delta) => [values(delta).reduce((sum, { path }) => sum + path.length, 0)],
  bytes: (delta) => [Buffer.byteLength(JSON.stringify(delta))]
}

function positions(delta) {
  return values(delta)
    .filter(({ path }) => path === 'navigation.position')
    .map(({ value }) => Math.trunc(value.latitude * 1e6))
}

function values(delta) {
  return delta.updates.flatMap((update) => update.values)
}

export async function load(what, server) {
  // A module of its own for each, or else the code that calls one of them were compiled for calling any.
  const { feeder } = await import(`./feed.mjs?${what.name}`)
  const app = new App()
  const isWasm = what.file.endsWith('.wasm')
  const plugin = isWasm ? await loadWasm(what, server, app) : await loadNode(what, app)
  await plugin.start()
  return new Candidate(what, app, plugin, feeder(plugin))
}

async function loadWasm({ name, file }, server, app) {
  const loader = loaderOf(server)
  const root = mkdtempSync(join(tmpdir(), 'signalk-bench-'))
  try {
    const instance = await loader(name, file, readFileSync(file), root, {}, app)
    const { exports } = instance
    app.answer = (delta) => exports.delta_handler?.(JSON.stringify(delta))
    return {
      start: async () => {
        const code = await exports.start(JSON.stringify({ enableDebug: false }))
        if (code !== 0) throw new Error(`${name} did not start: ${code}, ${app.error ?? ''}`)
      },
      stop: () => exports.stop(),
      poll: () => exports.poll?.(),
      exports
    }
  } finally {
    rmSync(root, { recursive: true })
  }
}

function loaderOf(server) {
  const require = createRequire(join(server, 'node_modules/signalk-server/package.json'))
  const path = require.resolve('./dist/wasm/loaders/standard-loader.js')
  // Evaluated anew, for the reason that `load` has.
  delete require.cache[path]
  return require(path).loadStandardPlugin
}

async function loadNode({ file }, app) {
  const plugin = (await import(file)).default(app)
  const handed = { start: () => plugin.start({}), stop: () => plugin.stop(), poll() {} }
  const subscribe = (_what, _unsubscribes, _error, callback) => (handed.handler = callback)
  app.subscriptionmanager = { subscribe }
  // Of itself.
  app.setPluginStatus = (text) => app.statuses.push(text)
  return handed
}

// What plugins see of the server.
class App {
  selfContext = OWN
  // All that it was set to.
  statuses = []
  error = undefined
  answer = () => {}
  config = { configPath: tmpdir() }

  setPluginStatus(_, text) {
    this.statuses.push(text)
  }

  setPluginError(_, text) {
    this.error = text
  }

  // As the server: filled in, and handed to all before the call returns.
  handleMessage(id, delta) {
    const timestamp = new Date().toISOString()
    delta.context = !delta.context || delta.context === 'vessels.self' ? OWN : delta.context
    const says = delta.updates.filter((update) => update.values?.length || update.meta?.length)
    delta.updates = says.map((update) => ({ ...update, $source: id, timestamp }))
    this.answer(delta)
  }
}

class Candidate {
  #counts
  #given = []

  constructor(what, app, plugin, feed) {
    Object.assign(this, { name: what.name, app, plugin, feed })
    this.#counts = COUNTS[what.counts]
  }

  // Hands so many deltas over, from that one on, and round and round.
  give(deltas, from, count) {
    this.feed(deltas, from, count)
    this.expect(deltas, from, count)
  }

  // Takes note of what was handed over.
  expect(deltas, from, count) {
    if (this.#counts) this.#given.push([deltas, from, count])
  }

  // Whether all was counted that had to be.
  check() {
    this.plugin.stop()
    const expected = this.#counts && this.#expected()
    if (this.app.error !== undefined) throw new Error(`${this.name}: ${this.app.error}`)
    // The SDK sets one of its own behind the plugin's.
    if (expected && !this.app.statuses.slice(-2).includes(expected)) {
      throw new Error(`${this.name} has counted "${this.app.statuses.at(-2)}" and not "${expected}"`)
    }
  }

  #expected() {
    const known = new Map()
    let [count, sum] = [0, 0]
    for (const [deltas, from, given] of this.#given) {
      for (let i = from; i < from + given; i++) {
        const delta = deltas[i % deltas.length]
        if (!known.has(delta)) known.set(delta, this.#counts(delta))
        for (const number of known.get(delta)) {
          count++
          sum += number
        }
      }
    }
    return `${count} ${sum}`
  }
}
