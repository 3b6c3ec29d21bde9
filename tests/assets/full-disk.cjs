// Loaded before the server under test: while the file that a variable names is there, the disk on which
// the plugins' configurations are is full. A file that is written anew has the room that it had, and is
// torn where that is too little; a new one has none.
'use strict'
const fs = require('node:fs')
const path = require('node:path')

const flag = path.resolve(process.env.SIGNALK_TEST_DISK_IS_FULL)
const { writeFileSync } = fs

// By this both servers write them.
fs.writeFileSync = (file, data, ...rest) => {
  const bytes = Buffer.from(data)
  const room = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (!String(file).includes('plugin-config-data') || !fs.existsSync(flag) || bytes.length <= room) {
    return writeFileSync(file, data, ...rest)
  }
  writeFileSync(file, bytes.subarray(0, room), ...rest)
  const error = new Error(`ENOSPC: no space left on device, write '${file}'`)
  throw Object.assign(error, { code: 'ENOSPC', errno: -28, syscall: 'write', path: file })
}
