// Loaded before the server under test: whatever it listens on, it listens on the loopback interface
// alone, which its own settings have no word for.
'use strict'
const net = require('node:net')

const listen = net.Server.prototype.listen
const host = '127.0.0.1'

net.Server.prototype.listen = function (first, ...rest) {
  if (typeof first === 'number') {
    const others = typeof rest[0] === 'string' ? rest.slice(1) : rest
    return listen.call(this, first, host, ...others)
  }
  if (first !== null && typeof first === 'object' && 'port' in first) {
    return listen.call(this, { ...first, host }, ...rest)
  }
  return listen.call(this, first, ...rest)
}
