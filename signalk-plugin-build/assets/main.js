// For servers that know no plugins in WebAssembly. Those that do load the .wasm beside this file, and
// never this.
const { name, description, signalk } = require('./package.json')

module.exports = (app) => ({
  id: name,
  name: (signalk && signalk.displayName) || name,
  description,
  schema: () => ({ type: 'object', properties: {} }),
  start() {
    const problem = `${name} needs signalk-server 2.23 or newer, for it is a plugin in WebAssembly`
    app.error(problem)
    ;(app.setPluginError || app.setProviderError)(problem)
  },
  stop() {}
})
