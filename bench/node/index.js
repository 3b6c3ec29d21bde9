// A plugin in JavaScript, as the server's documents show it: the server calls it with the object that
// it has, and only with what it has subscribed to.

module.exports = (app) => {
  const unsubscribes = []
  let positions = 0
  let sum = 0

  function heard(delta) {
    if (delta.context !== app.selfContext) return
    for (const update of delta.updates) {
      for (const { path, value } of update.values ?? []) {
        if (path !== 'navigation.position' || !value) continue
        positions++
        sum += Math.trunc(value.latitude * 1e6)
      }
    }
  }

  return {
    id: 'bench-node',
    name: 'bench-node',
    schema: { type: 'object', properties: {} },
    start() {
      const wanted = { context: 'vessels.self', subscribe: [{ path: 'navigation.position' }] }
      app.subscriptionmanager.subscribe(wanted, unsubscribes, app.error, heard)
      app.setPluginStatus('started')
    },
    stop() {
      unsubscribes.splice(0).forEach((unsubscribe) => unsubscribe())
      app.setPluginStatus(`${positions} ${sum}`)
    }
  }
}
