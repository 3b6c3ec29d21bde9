// The position as the documents of the SDK show it: by searching the text. Whose position it is, that
// does not tell.

import { plugin } from './plugin'

export { plugin_name, plugin_schema, plugin_start, plugin_stop } from './plugin'

export function delta_handler(delta: string): void {
  if (delta.indexOf('"path":"navigation.position"') < 0) return
  const latitude = numberOf(delta, 'latitude')
  const longitude = numberOf(delta, 'longitude')
  if (latitude != 0.0 || longitude != 0.0) plugin.moved(latitude)
}

function numberOf(json: string, key: string): f64 {
  const sought = '"' + key + '":'
  const found = json.indexOf(sought)
  if (found < 0) return 0.0
  const start = found + sought.length
  let end = start
  while (end < json.length) {
    const code = json.charCodeAt(end)
    if (code == 0x2c || code == 0x7d || code == 0x5d) break // , } ]
    end++
  }
  return parseFloat(json.substring(start, end).trim())
}
