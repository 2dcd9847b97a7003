// An answer as a subgraph may send it: mostly as JSON.stringify writes, sometimes in another way that means the same.
import { chanceOf } from './chance.ts'

const WAYS: readonly ((answer: unknown) => string)[] = [
  (answer) => JSON.stringify(answer, null, 2),
  (answer) => `${JSON.stringify(answer)}\n`,
  (answer) => JSON.stringify(answer).replace(/[^\x20-\x7e]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
  (answer) => JSON.stringify(answer).replaceAll('/', '\\/'),
  (answer) => JSON.stringify(answer).replace(/(?<=[:[,])(\d+)(?=[,}\]])/g, '$1.0'),
  (answer) => JSON.stringify(answer).replace(/(?<=[:[,])1.5(?=[,}\]])/g, '15e-1'),
  (answer) => JSON.stringify({ extensions: { touched: {} }, ...(answer as object) }),
  (answer) => JSON.stringify({ ...(answer as object), extensions: { touched: { schools: ['a'] } } }),
]

export function writeBytes(answer: unknown, seed: string): Buffer {
  const chance = chanceOf(`bytes|${seed}`)
  if (answer === undefined) return Buffer.from('')
  const write = chance.oneIn(6) && typeof answer === 'object' ? chance.pick(WAYS) : JSON.stringify
  return Buffer.from(write(answer))
}
