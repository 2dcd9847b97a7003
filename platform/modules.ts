// The five subgraphs of the platform.
import { communications } from '../subgraphs/communications/index.ts'
import { gradebook } from '../subgraphs/gradebook/index.ts'
import { identity } from '../subgraphs/identity/index.ts'
import type { SubgraphModule, SubgraphName } from '../subgraphs/kernel/subgraph.ts'
import { reporting } from '../subgraphs/reporting/index.ts'
import { schools } from '../subgraphs/schools/index.ts'

export const MODULES: Readonly<Record<SubgraphName, SubgraphModule>> = { identity, schools, gradebook, communications, reporting }
