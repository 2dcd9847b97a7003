// A subgraph in this very process: its viewer is admitted by hand, because no signature has to cross a wire.
import type { Logger } from 'pino'
import { PlatformError } from '../../subgraphs/kernel/errors.ts'
import { publicError } from '../../subgraphs/kernel/masking.ts'
import type { Subgraph } from '../../subgraphs/kernel/subgraph.ts'
import { admitViewer } from '../../subgraphs/kernel/viewer.ts'
import type { SubgraphAnswer, SubgraphTransport } from './transport.ts'

export function createInProcessTransport(
  subgraph: { readonly name: string; readonly execute: Subgraph['execute'] },
  log: Logger,
): SubgraphTransport {
  return {
    async execute(request, viewer, signal) {
      if (signal.aborted) throw new PlatformError('REQUEST_TIMEOUT')
      const { data, errors, extensions } = await subgraph.execute(request, admitViewer(viewer))
      if (!errors?.length) return { data, extensions } as SubgraphAnswer
      const requestLog = log.child({ requestId: viewer.requestId, subgraph: subgraph.name })
      return { data, errors: errors.map((error) => publicError(error, requestLog)), extensions } as SubgraphAnswer
    },
    close: async () => undefined,
  }
}
