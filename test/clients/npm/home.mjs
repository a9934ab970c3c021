// What the two evenings in JavaScript have in common.
import readline from 'node:readline'
import { faults } from './typed.mjs'

export const { CLIENT_HOME: home, CLIENT_FAR: far, CLIENT_PICTURE: picture } = process.env
export const scopes = 'read write follow push'
export const nowhere = 'https://127.0.0.1:9/push'

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const say = (words) => process.stdout.write(JSON.stringify(words) + '\n')

// code is what the authorisation page gives to the person.
export async function code(authorize, who) {
  say({ authorize, who })
  return (await lines.next()).value
}

export const did = (thing) => say({ did: thing })

// refused makes sure that a call fails with this status.
export async function refused(status, call) {
  try {
    await call()
  } catch (error) {
    const got = error.statusCode ?? error.response?.status
    if (got !== status) throw error
    return
  }
  throw new Error(`${call} was not refused`)
}

// within half a minute, or it is a failure
export function within(promise, what) {
  let timer
  const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Error(`${what} did not come`)), 30_000) })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

// evening runs the acts in order, each with the two people, and ends the process: well, when every answer had its type.
export async function evening(people, acts) {
  try {
    for (const [thing, act] of acts) {
      await act(...people)
      did(thing)
    }
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
  if (faults.size > 0) {
    console.error(['answers of another type than the library declares:', ...faults].join('\n'))
    process.exitCode = 1
  }
  process.exit()
}
