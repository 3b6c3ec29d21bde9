// Loaded before the server: whatever it listens on, it listens on the loopback interface
// alone, which its own settings have no word for. For its own port it takes the one that is asked for;
// else the system chooses one, for a free port that was looked up beforehand can be taken by the time
// the server listens. The file `port` beside this one says which.
'use strict'
const fs = require('node:fs')
const net = require('node:net')
const path = require('node:path')

const listen = net.Server.prototype.listen
const host = '127.0.0.1'
const own = Number(process.env.SIGNALK_LOOPBACK_SETTINGS_PORT)
const wanted = Number(process.env.SIGNALK_LOOPBACK_PORT || 0)

function chosen(server, port) {
  if (Number(port) !== own) return port
  server.once('listening', () => fs.writeFileSync(path.join(__dirname, 'port'), `${server.address().port}\n`))
  return wanted
}

net.Server.prototype.listen = function (first, ...rest) {
  if (typeof first === 'number') {
    const others = typeof rest[0] === 'string' ? rest.slice(1) : rest
    return listen.call(this, chosen(this, first), host, ...others)
  }
  if (first !== null && typeof first === 'object' && 'port' in first) {
    return listen.call(this, { ...first, port: chosen(this, first.port), host }, ...rest)
  }
  return listen.call(this, first, ...rest)
}
