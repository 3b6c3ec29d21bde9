// The position by the parser that the SDK brings.

import { JSON } from '@signalk/assemblyscript-plugin-sdk/assembly'
import { plugin } from './plugin'

export { plugin_name, plugin_schema, plugin_start, plugin_stop } from './plugin'

export function delta_handler(text: string): void {
  const parsed = JSON.parse(text)
  if (!parsed.isObj) return
  const updates = (parsed as JSON.Obj).getArr('updates')
  if (updates === null) return
  const list = updates.valueOf()
  for (let i = 0; i < list.length; i++) {
    if (!list[i].isObj) continue
    const values = (list[i] as JSON.Obj).getArr('values')
    if (values === null) continue
    const entries = values.valueOf()
    for (let k = 0; k < entries.length; k++) position(entries[k])
  }
}

function position(entry: JSON.Value): void {
  if (!entry.isObj) return
  const object = entry as JSON.Obj
  const path = object.getString('path')
  if (path === null || path.valueOf() != 'navigation.position') return
  const value = object.getObj('value')
  if (value === null) return
  const latitude = value.getNum('latitude')
  if (latitude !== null) plugin.moved(latitude.valueOf())
}
