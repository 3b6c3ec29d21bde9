// Loaded before the server under test, whose standard input is a pipe that the test holds. When the test's process
// has ended, in whatever way, the server ends, too, and its folder goes: servers that several tests share are
// dropped by none of them.
'use strict'
const fs = require('node:fs')
const path = require('node:path')

const folder = process.cwd()

process.stdin.on('end', () => {
  if (path.basename(folder).startsWith('signalk-server-')) {
    fs.rmSync(folder, { recursive: true, force: true })
  }
  process.exit()
})
process.stdin.resume()
