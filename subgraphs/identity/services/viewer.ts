// Who is calling, and which schools are open to them.
import { readPage, type Connection, type PageArgs } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { isScope } from '../../kernel/scopes.ts'
import { AccessEnvironment, AccountRole, PartyKind } from '../schema/enums.ts'
import type { School, Viewer } from '../schema/types.ts'
import { scopesNamed } from './scopes.ts'

export function describeViewer({ viewer }: SubgraphContext): Viewer {
  return {
    kind: viewer.applicationId ? PartyKind.APPLICATION : PartyKind.PERSON,
    displayName: viewer.displayName,
    role: viewer.role ? AccountRole[viewer.role] : null,
    environment: AccessEnvironment[viewer.environment],
    scopes: scopesNamed(viewer.scopes),
  }
}

/** In the order of their ids. A scope that the token lacks opens no school, whatever the agreements say. */
async function openSchools(context: SubgraphContext, scope: string): Promise<readonly string[]> {
  if (!isScope(scope))
    throw new PlatformError('INPUT_INVALID', {
      message: 'No scope has this name; `scopes` lists them.',
      messageVi: 'Không có phạm vi quyền nào mang tên này; xem `scopes`.',
      path: ['scope'],
    })
  if (!context.viewer.scopes.includes(scope)) return []
  return context.database.read(context, { scope }, async (tx) => tx.schools)
}

export async function countOpenSchools(context: SubgraphContext, scope: string): Promise<number> {
  return (await openSchools(context, scope)).length
}

export function listOpenSchools(context: SubgraphContext, scope: string, page: PageArgs): Promise<Connection<School>> {
  return readPage<School>(context, {
    list: ['openSchools', scope],
    page,
    position: (school) => [school.id],
    read: async (after, limit) => {
      const ids = await openSchools(context, scope)
      const rest = after ? ids.filter((id) => id > String(after[0])) : ids
      return rest.slice(0, limit).map((id) => ({ id }))
    },
  })
}
