// The first wall: all or nothing. One field the caller may not ask for, and nothing of the operation is planned.
import { PlatformError } from '../../subgraphs/kernel/errors.ts'
import { nearestAlternative } from './needed-scopes.ts'
import type { OperationNeeds } from './operation-needs.ts'

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
    const nearest = nearestAlternative(guard.rule, held)
    if (nearest?.lacking.length === 0) continue
    const lacking = nearest?.lacking ?? []
    for (const scope of lacking) missing.add(scope)
    fields.push(...guard.fields)
  }
  if (fields.length > 0) throw new PlatformError('SCOPE_MISSING', { missingScopes: [...missing].sort(), fields: fields.sort() })
}
