// What a record said before: its versions as they are read, each with what it changed of the one before.
import { readPage, type Connection, type PageArgs } from '../../kernel/connection.ts'
import type { SchoolKey, SubgraphContext } from '../../kernel/context.ts'
import type { Viewer } from '../../kernel/viewer.ts'
import { changesBetween, PARTS, worded, type PartName } from '../roster/history.ts'
import type { RecordVersion } from '../schema/history-types.ts'
import { versionLoads, type VersionRow } from '../store/history-loaders.ts'

/** Above every version. */
const NEWEST = 2 ** 31 - 1

/** Who of a school did what is told to those who answer for it, signed in personally; a product learns of no person. */
const isToldOfPeople = ({ applicationId, role }: Viewer): boolean =>
  applicationId === null && (role === 'PRINCIPAL' || role === 'AUTHORITY_OFFICER')

/**
 * `below`: the next older one that the caller sees. Only the very version before says what this one changed, and who made it: where
 * a policy hides that, the step is not told.
 */
function shape(name: PartName, key: SchoolKey, row: VersionRow, below: VersionRow | undefined, viewer: Viewer): RecordVersion {
  const fields = worded(PARTS[name], row.texts)
  const before = below?.version === row.version - 1 ? below : null
  return {
    version: row.version,
    validFrom: row.validFrom,
    validTo: row.validTo,
    accountId: before !== null && isToldOfPeople(viewer) ? before.replacedByAccountId : null,
    changes: before && changesBetween(worded(PARTS[name], before.texts), fields),
    fields,
    schoolId: key.schoolId,
    id: key.id,
    applicationId: row.applicationId,
    updatedAt: row.validFrom,
  }
}

export function listVersions(
  context: SubgraphContext,
  name: PartName,
  key: SchoolKey,
  page: PageArgs,
): Promise<Connection<RecordVersion>> {
  return readPage<RecordVersion>(context, {
    list: ['history', name, key.schoolId, key.id],
    page,
    position: ({ version }) => [version],
    read: async (after, limit) => {
      const before = (after?.[0] as number | undefined) ?? NEWEST
      const rows = await context.loaders.of(versionLoads[name]).load({ ...key, before, size: limit })
      // One row more than the page has is read anyway: it is what the last of the page is compared with.
      return rows.map((row, place) => shape(name, key, row, rows[place + 1], context.viewer))
    },
  })
}
