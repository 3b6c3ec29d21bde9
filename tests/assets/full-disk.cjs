// Loaded before the server under test: while the file that a variable names is there, the disk on which
// the plugins' configurations are is full. A file that is written anew has the room that it had, and is
// torn where that is too little; a new one has none.
'use strict'
const fs = require('node:fs')

const flag = process.env.SIGNALK_TEST_DISK_IS_FULL
const { writeFile, writeFileSync } = fs
const promised = fs.promises.writeFile

// What is written of the data, and the error where that is not all.
function written(file, data) {
  const bytes = Buffer.from(data)
  const room = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (!String(file).includes('plugin-config-data') || !fs.existsSync(flag) || bytes.length <= room) {
    return [data, null]
  }
  const error = new Error(`ENOSPC: no space left on device, write '${file}'`)
  Object.assign(error, { code: 'ENOSPC', errno: -28, syscall: 'write', path: file })
  return [bytes.subarray(0, room), error]
}

fs.writeFileSync = (file, data, ...rest) => {
  const [part, error] = written(file, data)
  writeFileSync(file, part, ...rest)
  if (error !== null) throw error
}

fs.promises.writeFile = async (file, data, ...rest) => {
  const [part, error] = written(file, data)
  await promised(file, part, ...rest)
  if (error !== null) throw error
}

fs.writeFile = (file, data, ...rest) => {
  const done = rest.pop()
  const [part, error] = written(file, data)
  writeFile(file, part, ...rest, (failure) => done(failure ?? error))
}
