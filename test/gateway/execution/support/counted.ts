// Whether the counts that came with an answer are those of the values in it.
import { deepStrictEqual } from 'node:assert/strict'
import type { CountedFields } from '../../../../gateway/execution/ready/assemble.ts'
import type { ReadyJson } from '../../../../gateway/execution/ready/ready-json.ts'

export function assertCounted(data: ReadyJson): void {
  const told = (fields: CountedFields): unknown =>
    Object.fromEntries([...fields].map(([name, { counter, below }]) => [name, [data.countOf(counter), below && told(below)]]))
  const counted = (fields: CountedFields, objects: readonly Record<string, unknown>[]): unknown =>
    Object.fromEntries(
      [...fields].map(([name, { below }]) => {
        const values = objects.flatMap((each) => each[name]).filter((value) => value !== null)
        return [name, [values.length, below && counted(below, values as Record<string, unknown>[])]]
      }),
    )
  deepStrictEqual(told(data.fields), counted(data.fields, [data.toJSON() as Record<string, unknown>]))
}
