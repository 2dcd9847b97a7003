// Where a record of the roster came from, as every type of it answers.
import { provenanceBy } from '../../kernel/provenance.ts'
import { externalIdOf } from '../store/loaders.ts'

export { PROVENANCE, type Written } from '../../kernel/provenance.ts'

export const provenanceOf = provenanceBy(externalIdOf)
