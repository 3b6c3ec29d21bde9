// Looks at every delta before the server does, and passes it on a moment later: what another plugin
// sends comes back to that one when its call is long over.
'use strict'

module.exports = (app) => ({
  id: 'signalk-test-holds-back',
  name: 'Holds back',
  schema: () => ({}),
  start: () => app.registerDeltaInputHandler((delta, next) => setTimeout(() => next(delta), 20)),
  stop: () => {}
})
