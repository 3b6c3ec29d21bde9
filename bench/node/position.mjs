// A plugin in JavaScript, whose handler gets each delta as the object that the server has.

export default function (app) {
  let positions = 0
  let sum = 0
  return {
    id: 'bench-node',
    start() {},
    stop() {
      app.setPluginStatus('bench-node', `${positions} ${sum}`)
    },
    delta(delta) {
      if (delta.context !== app.selfContext) return
      for (const update of delta.updates) {
        for (const { path, value } of update.values ?? []) {
          if (path !== 'navigation.position' || !value) continue
          positions++
          sum += Math.trunc(value.latitude * 1e6)
        }
      }
    }
  }
}
