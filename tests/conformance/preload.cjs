// Loaded before the server under test (`node --require`): writes every call between the server and
// a WebAssembly plugin into the file that SIGNALK_TEST_TRACE names, one line of JSON for the
// beginning and one for the end of each, with the bytes that went over, in hexadecimal digits.
//
//   {"process"} once, when the server's process begins
//   {"plugin","instance","side":"export"|"import","name","step":"call","args":[…],"texts":[…]}
//   {… "step":"return","result":n|null,"texts":[…]}
//   {… "step":"throw","error"}
//
// A text is null where it lies outside the memory. The calls of WASI are not written: Node.js
// serves them itself, with addresses of its own choosing.
'use strict'
const fs = require('node:fs')
const nodeWasi = require('node:wasi')

const trace = fs.openSync(process.env.SIGNALK_TEST_TRACE, 'a')
fs.writeSync(trace, JSON.stringify({ process: process.pid }) + '\n')

// Where the arguments of an import have pointer and length of a text (`ins`), and which arguments
// point to what the host writes (`outs`): as many bytes as the result says, an address that ends
// with a 0 byte, or two bytes of a port.
const ONE_TEXT = { ins: [0] }
const TWO_TEXTS = { ins: [0, 2] }
const RECEIVES = { outs: [[1, 'result']] }
const IMPORTS = {
  'console.log': ONE_TEXT,
  sk_debug: ONE_TEXT,
  sk_set_status: ONE_TEXT,
  sk_set_error: ONE_TEXT,
  sk_handle_message: ONE_TEXT,
  sk_publish_notification: TWO_TEXTS,
  sk_get_self_path: { ins: [0], outs: [[2, 'result']] },
  sk_read_config: { outs: [[0, 'result']] },
  sk_save_config: ONE_TEXT,
  sk_has_capability: ONE_TEXT,
  sk_register_put_handler: TWO_TEXTS,
  sk_register_resource_provider: ONE_TEXT,
  sk_register_weather_provider: ONE_TEXT,
  sk_register_radar_provider: ONE_TEXT,
  sk_emit_binary_stream: TWO_TEXTS,
  sk_radar_emit_spokes: TWO_TEXTS,
  sk_udp_join_multicast: { ins: [1, 3] },
  sk_udp_leave_multicast: { ins: [1, 3] },
  sk_udp_send: { ins: [1, 4] },
  sk_udp_recv: { outs: [[1, 'result'], [3, 'address'], [4, 'port']] },
  sk_tcp_connect: { ins: [1] },
  sk_tcp_send: { ins: [1] },
  sk_tcp_recv_line: RECEIVES,
  sk_tcp_recv_raw: RECEIVES
}

const NOTHING = {}
const WRITES_TEXT = { outs: [[0, 'result']] }
const TAKES_TEXT = { ins: [0] }
const EXCHANGES = { ins: [0], outs: [[2, 'result']] }
const EXPORTS = {
  _initialize: NOTHING,
  allocate: NOTHING,
  deallocate: NOTHING,
  plugin_stop: NOTHING,
  poll: NOTHING,
  plugin_id: WRITES_TEXT,
  plugin_name: WRITES_TEXT,
  plugin_schema: WRITES_TEXT,
  http_endpoints: WRITES_TEXT,
  radar_get_radars: WRITES_TEXT,
  plugin_start: TAKES_TEXT,
  delta_handler: TAKES_TEXT
}

function bytes(memory, start, length) {
  const all = new Uint8Array(memory.buffer)
  if (start < 0 || length < 0 || start + length > all.length) return null
  return Buffer.from(all.subarray(start, start + length)).toString('hex')
}

function written(memory, args, result, [place, kind]) {
  if (kind === 'port') return bytes(memory, args[place], 2)
  if (kind === 'result') return bytes(memory, args[place], result)
  const end = new Uint8Array(memory.buffer).indexOf(0, args[place])
  return bytes(memory, args[place], end - args[place])
}

function wrap(origin, side, name, shape, memory, call) {
  const write = (step) =>
    fs.writeSync(trace, JSON.stringify({ ...origin, side, name, ...step }) + '\n')
  return (...args) => {
    const numbers = args.map((arg) => arg | 0)
    const ins = shape.ins ?? []
    const texts = ins.map((place) => bytes(memory(), numbers[place], numbers[place + 1]))
    write({ step: 'call', args: numbers, texts })
    let result
    try {
      result = call(...args)
    } catch (error) {
      write({ step: 'throw', error: String(error) })
      throw error
    }
    const number = result === undefined ? null : result | 0
    const outs = number > 0 ? shape.outs ?? [] : []
    write({
      step: 'return',
      result: number,
      texts: outs.map((out) => written(memory(), numbers, number, out))
    })
    return result
  }
}

// The loader tells WASI the name of the plugin, and nobody else, before it instantiates.
const pluginOf = new WeakMap()
nodeWasi.WASI = class extends nodeWasi.WASI {
  constructor(options) {
    super(options)
    pluginOf.set(this.wasiImport, options?.env?.PLUGIN_ID)
  }
}

const instances = new Map()
const instantiate = WebAssembly.instantiate

WebAssembly.instantiate = async function (module, imports) {
  const plugin = pluginOf.get(imports?.wasi_snapshot_preview1)
  if (plugin === undefined) return instantiate.call(this, module, imports)
  const instance = (instances.get(plugin) ?? 0) + 1
  instances.set(plugin, instance)
  const origin = { plugin, instance }

  let real
  const memory = () => real.exports.memory
  const env = Object.fromEntries(
    Object.entries(imports.env).map(([name, call]) => [
      name,
      wrap(origin, 'import', name, IMPORTS[name] ?? NOTHING, memory, call)
    ])
  )
  real = await instantiate.call(this, module, { ...imports, env })
  const exports = Object.fromEntries(
    Object.entries(real.exports).map(([name, value]) => [
      name,
      typeof value === 'function'
        ? wrap(origin, 'export', name, EXPORTS[name] ?? EXCHANGES, memory, value)
        : value
    ])
  )
  return { exports }
}
