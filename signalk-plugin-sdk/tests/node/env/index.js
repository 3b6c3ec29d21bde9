// The module `env` of a Signal K server, as far as the boundary test needs it: it reads the
// plugin's memory as the server does and writes down what it was told.
'use strict'

const host = (globalThis.signalkHost = { exports: null, calls: [] })

function text(pointer, length) {
  const bytes = new Uint8Array(host.exports.memory.buffer, pointer, length)
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}

// As the server: ask for a buffer, fill it, call, give it back.
host.send = (name, bytes) => {
  const pointer = host.exports.allocate(bytes.length)
  if (pointer === 0) throw new Error('allocate answered 0')
  new Uint8Array(host.exports.memory.buffer).set(bytes, pointer)
  try {
    return host.exports[name](pointer, bytes.length)
  } finally {
    host.exports.deallocate(pointer, bytes.length)
  }
}

host.ask = (name, max) => {
  const pointer = host.exports.allocate(max)
  try {
    return text(pointer, host.exports[name](pointer, max))
  } finally {
    host.exports.deallocate(pointer, max)
  }
}

// A request and its answer, each in a buffer of its own.
host.exchange = (name, request, max) => {
  const bytes = new TextEncoder().encode(request)
  const input = host.exports.allocate(bytes.length)
  const output = host.exports.allocate(max)
  new Uint8Array(host.exports.memory.buffer).set(bytes, input)
  const answer = text(output, host.exports[name](input, bytes.length, output, max))
  host.exports.deallocate(input, bytes.length)
  host.exports.deallocate(output, max)
  return answer
}

host.sendText = (name, string) => host.send(name, new TextEncoder().encode(string))

exports.sk_debug = (pointer, length) => host.calls.push(['debug', text(pointer, length)])
exports.sk_set_status = (pointer, length) => host.calls.push(['status', text(pointer, length)])
exports.sk_set_error = (pointer, length) => host.calls.push(['error', text(pointer, length)])

exports.sk_publish_notification = (path, pathLength, value, valueLength) => {
  host.calls.push(['notification', text(path, pathLength), text(value, valueLength)])
  return host.refuse ? -1 : 0
}

exports.sk_handle_message = (pointer, length, version) => {
  const delta = JSON.parse(text(pointer, length))
  delta.context = delta.context ?? 'vessels.urn:mrn:imo:mmsi:244000001'
  const says = delta.updates.some((update) => (update.values ?? []).length > 0)
  if (says) host.calls.push(['delta', version, JSON.stringify(delta.updates)])
  else delta.updates = []
  // The server calls back before it returns.
  if (host.exports.delta_handler) host.sendText('delta_handler', JSON.stringify(delta))
}

exports.sk_register_put_handler = (context, contextLength, path, pathLength) => {
  host.calls.push(['put', text(context, contextLength), text(path, pathLength)])
  return 1
}
