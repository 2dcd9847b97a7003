// Ids that a caller puts into a filter: what is not a UUID is told so, what is one and names nothing finds nothing.
import { isUuid } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'

export function assertUuids(ids: Readonly<Record<string, string | null | undefined>>): void {
  for (const [name, id] of Object.entries(ids))
    if (id !== null && id !== undefined && !isUuid(id))
      throw new PlatformError('INPUT_INVALID', {
        message: `${name} is not a UUID.`,
        messageVi: `${name} không phải UUID.`,
        path: [name],
      })
}
