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

// The rest is what a plugin asks of the server beside deltas. Each write is bounded as the server
// bounds it: by the length that it was told, or not at all.
function write(pointer, bytes) {
  new Uint8Array(host.exports.memory.buffer).set(bytes, pointer)
}

function answer(string, pointer, max) {
  const bytes = new TextEncoder().encode(string)
  host.calls.push(['asked', bytes.length, max])
  if (bytes.length > max) return 0
  write(pointer, bytes)
  return bytes.length
}

function bytes(pointer, length) {
  return Array.from(new Uint8Array(host.exports.memory.buffer, pointer, length))
}

host.config = '{}'
host.selfPaths = {}
host.datagrams = []
host.chunks = []

exports.sk_read_config = (pointer, max) => answer(host.config, pointer, max)
exports.sk_save_config = (pointer, length) => {
  host.config = text(pointer, length)
  return 0
}
exports.sk_get_self_path = (path, length, pointer, max) => {
  const node = host.selfPaths[text(path, length)]
  return node === undefined ? 0 : answer(node, pointer, max)
}
exports.sk_has_capability = (pointer, length) => (text(pointer, length) === 'rawSockets' ? 1 : 0)

for (const kind of ['resource', 'weather', 'radar']) {
  exports[`sk_register_${kind}_provider`] = (pointer, length) => {
    host.calls.push([kind, text(pointer, length)])
    return 1
  }
}

exports.sk_emit_binary_stream = (id, idLength, data, length) => {
  host.calls.push(['stream', text(id, idLength), bytes(data, length)])
  return 1
}
exports.sk_radar_emit_spokes = (id, idLength, data, length) => {
  host.calls.push(['spokes', text(id, idLength), bytes(data, length)])
  return 1
}

exports.sk_udp_create = (kind) => 10 + kind
exports.sk_udp_bind = (id, port) => (host.calls.push(['bind', id, port]), 0)
exports.sk_udp_send = (id, address, addressLength, port, data, length) => {
  host.calls.push(['datagram', id, text(address, addressLength), port, bytes(data, length)])
  return length
}
exports.sk_udp_pending = () => host.datagrams.length
exports.sk_udp_recv = (id, pointer, max, address, port) => {
  const datagram = host.datagrams.shift()
  if (!datagram) return 0
  const data = datagram.data.slice(0, max)
  write(pointer, data)
  write(address, new TextEncoder().encode(datagram.address + '\0'))
  new DataView(host.exports.memory.buffer).setUint16(port, datagram.port, true)
  return data.length
}
exports.sk_udp_join_multicast = (id, group, groupLength, address, length) => {
  host.calls.push(['join', id, text(group, groupLength), text(address, length)])
  return 0
}
exports.sk_udp_leave_multicast = (id, group, groupLength, address, length) => {
  host.calls.push(['leave', id, text(group, groupLength), text(address, length)])
  return 0
}
exports.sk_udp_set_broadcast = (id, on) => (host.calls.push(['broadcast', id, on]), 0)
exports.sk_udp_set_multicast_ttl = (id, hops) => (host.calls.push(['ttl', id, hops]), 0)
exports.sk_udp_set_multicast_loopback = (id, on) => (host.calls.push(['loopback', id, on]), 0)
exports.sk_udp_close = (id) => host.calls.push(['close', id])

exports.sk_tcp_create = () => 20
exports.sk_tcp_set_line_buffering = (id, on) => (host.calls.push(['lines', id, on]), 0)
exports.sk_tcp_connect = (id, address, length, port) => {
  host.calls.push(['connect', id, text(address, length), port])
  return 0
}
exports.sk_tcp_connected = () => 1
exports.sk_tcp_send = (id, data, length) => {
  host.calls.push(['sent', id, bytes(data, length)])
  return length
}
exports.sk_tcp_pending = () => host.chunks.length
exports.sk_tcp_recv_raw = (id, pointer, max) => {
  const chunk = host.chunks.shift()
  if (!chunk) return 0
  const data = Uint8Array.from(chunk.slice(0, max))
  write(pointer, data)
  return data.length
}
exports.sk_tcp_close = (id) => host.calls.push(['close', id])
