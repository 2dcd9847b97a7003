// Software in use: school, product, vendor, and how far each kind of product has come.
import type { SubgraphContext } from '../../kernel/context.ts'
import { percentTenths } from '../forms/adoption.ts'
import { levelsText } from '../forms/contact-book.ts'
import { ApplicationKind } from '../schema/enums.ts'
import type { AuthorityArgs } from '../schema/inputs.ts'
import type { ProductInUse, SoftwareAdoption, SoftwareInUse } from '../schema/types.ts'
import { readReport } from '../store/loaders.ts'
import * as sql from '../store/queries.ts'

type UseRow = Omit<ProductInUse, 'application'> & { schoolId: string; applicationId: string }

function adoptionOf(kind: ApplicationKind, uses: readonly UseRow[], schoolsTotal: number): SoftwareAdoption {
  const schoolsWith = new Set(uses.filter((use) => use.kind === kind).map(({ schoolId }) => schoolId)).size
  return { kind, schoolsWith, schoolsTotal, percentTenths: percentTenths(schoolsWith, schoolsTotal) }
}

export function reportSoftwareInUse(context: SubgraphContext, { authorityId }: AuthorityArgs): Promise<SoftwareInUse> {
  return readReport(context, authorityId, async (tx, { authority, schools, schoolIds, today }) => {
    const uses = await tx.query<UseRow & Record<string, unknown>>(sql.SOFTWARE_IN_USE, [schoolIds, today])
    const usesOf = Map.groupBy(uses, ({ schoolId }) => schoolId)
    return {
      authority: { id: authority.id },
      unitName: authority.name,
      asOf: today,
      rows: schools.map(({ schoolId, name, levels }, index) => ({
        ordinal: index + 1,
        school: { id: schoolId },
        schoolName: name,
        levels: levelsText(levels),
        products: (usesOf.get(schoolId) ?? []).map((use) => ({ ...use, application: { id: use.applicationId } })),
      })),
      adoption: Object.values(ApplicationKind).map((kind) => adoptionOf(kind, uses, schools.length)),
    }
  })
}
