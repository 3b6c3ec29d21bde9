// Loaded before the server under test: while the file that a variable names is there, whatever is to
// be written to the plugins' configurations finds no space left.
'use strict'
const fs = require('node:fs')

const flag = process.env.SIGNALK_TEST_DISK_IS_FULL

function check(file) {
  if (String(file).includes('plugin-config-data') && fs.existsSync(flag)) {
    const error = new Error(`ENOSPC: no space left on device, write '${file}'`)
    throw Object.assign(error, { code: 'ENOSPC', errno: -28, syscall: 'write', path: file })
  }
}

const { writeFileSync, writeFile } = fs
const promised = fs.promises.writeFile

fs.writeFileSync = (file, ...rest) => {
  check(file)
  return writeFileSync(file, ...rest)
}

fs.promises.writeFile = async (file, ...rest) => {
  check(file)
  return promised(file, ...rest)
}

fs.writeFile = (file, ...rest) => {
  try {
    check(file)
  } catch (error) {
    process.nextTick(rest.at(-1), error)
    return
  }
  writeFile(file, ...rest)
}
