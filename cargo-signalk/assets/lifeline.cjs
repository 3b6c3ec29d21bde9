// Loaded before the server: when the program that has started it is gone, in whatever way, its end of
// standard input is closed, and the server ends, too.
'use strict'
process.stdin.on('end', () => process.exit(0))
process.stdin.on('error', () => process.exit(0))
process.stdin.resume()
