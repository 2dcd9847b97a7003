// The first wall: all or nothing. One field the caller may not ask for, and nothing of the operation is planned.
import { PlatformError } from '../../subgraphs/kernel/errors.ts'
import type { OperationNeeds } from './operation-needs.ts'
import type { AccessRule } from './supergraph-rules.ts'

export function assertAllowed({ guards, unruled }: OperationNeeds, held: readonly string[]): void {
  if (unruled.length > 0) {
    throw new PlatformError('ACT_FORBIDDEN', {
      message: 'The operation asks for fields that no rule opens.',
      messageVi: 'Thao tác hỏi những trường chưa có quy tắc truy cập.',
      fields: unruled,
    })
  }
  const missing = new Set<string>()
  const fields: string[] = []
  for (const guard of guards) {
    const lacking = lackingScopes(guard.rule, held)
    if (!lacking) continue
    for (const scope of lacking) missing.add(scope)
    fields.push(...guard.fields)
  }
  if (fields.length > 0) throw new PlatformError('SCOPE_MISSING', { missingScopes: [...missing].sort(), fields: fields.sort() })
}

/** Undefined if the rule is met; else the scopes of the alternative that lacks the fewest. */
function lackingScopes({ anyOf }: AccessRule, held: readonly string[]): readonly string[] | undefined {
  let nearest: readonly string[] | undefined
  for (const all of anyOf) {
    const lacking = all.filter((scope) => !held.includes(scope))
    if (lacking.length === 0) return undefined
    if (!nearest || lacking.length < nearest.length) nearest = lacking
  }
  return nearest ?? []
}
