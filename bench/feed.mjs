// Hands deltas over, as the server does for each that it has. This is what is timed.

export function feeder({ exports, handler }) {
  if (handler) {
    return (deltas, from, count) => {
      for (let i = from; i < from + count; i++) handler(deltas[i % deltas.length])
    }
  }
  return (deltas, from, count) => {
    for (let i = from; i < from + count; i++) {
      exports.delta_handler(JSON.stringify(deltas[i % deltas.length]))
    }
  }
}
