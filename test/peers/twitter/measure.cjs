// Reads one JSON string a line, prints [weightedLength, valid] of twitter-text a line.
// Where twitter-text throws, the line is the message instead.
'use strict'
const { parseTweet } = require('twitter-text')
const lines = require('node:readline').createInterface({ input: process.stdin, crlfDelay: Infinity })
const out = []
lines.on('line', (line) => {
  try {
    const { weightedLength, valid } = parseTweet(JSON.parse(line))
    out.push(JSON.stringify([weightedLength, valid]))
  } catch (error) {
    out.push(JSON.stringify(String(error)))
  }
})
lines.on('close', () => process.stdout.write(out.join('\n') + '\n'))
