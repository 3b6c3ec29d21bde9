// What both plugins share: the exports as the SDK's documents show them, and what is counted.

import { Plugin, setStatus } from '@signalk/assemblyscript-plugin-sdk/assembly'

class Bench extends Plugin {
  positions: i64 = 0
  sum: i64 = 0

  name(): string {
    return 'Bench'
  }

  schema(): string {
    return '{"type":"object","properties":{}}'
  }

  start(_config: string): i32 {
    return 0
  }

  stop(): i32 {
    setStatus(this.positions.toString() + ' ' + this.sum.toString())
    return 0
  }

  moved(latitude: f64): void {
    this.positions++
    this.sum += i64(latitude * 1e6)
  }
}

export const plugin = new Bench()

export function plugin_name(): string {
  return plugin.name()
}

export function plugin_schema(): string {
  return plugin.schema()
}

export function plugin_start(pointer: usize, length: usize): i32 {
  return plugin.start(String.UTF8.decodeUnsafe(pointer, length))
}

export function plugin_stop(): i32 {
  return plugin.stop()
}
