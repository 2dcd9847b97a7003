// The documents of an application as its vendor and the Sở see them. A rival learns neither which there are nor how strictly they are held.
import { readPage, type Connection } from '../../kernel/connection.ts'
import { defineBatch, inKeyOrder, type SubgraphContext } from '../../kernel/context.ts'
import { PlatformError } from '../../kernel/errors.ts'
import type { DocumentListArgs } from '../schema/document-inputs.ts'
import { DocumentMode, type KnownDocument, type UnknownDocument } from '../schema/document-types.ts'
import type { Application } from '../schema/types.ts'
import * as sql from '../store/document-queries.ts'
import { readRegistry } from '../store/loaders.ts'
import { getApplication, isOwn } from './registry.ts'

type Hashed = { readonly hash: string }

/** A rival's reads as one that is not there: the list itself would tell what it works on. */
async function ownApplication(context: SubgraphContext, { application: ref }: DocumentListArgs): Promise<Application> {
  const application = await getApplication(context, ref)
  if (!isOwn(context, application)) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
  return application
}

export async function listKnownDocuments(context: SubgraphContext, args: DocumentListArgs): Promise<Connection<KnownDocument>> {
  const { id } = await ownApplication(context, args)
  return readPage<KnownDocument & Hashed>(context, {
    list: ['knownDocuments', id],
    page: args,
    position: (row) => [row.registeredAt, row.hash],
    read: (after, limit) => readRegistry(context, sql.KNOWN_DOCUMENT_PAGE, [id, after?.[0] ?? null, after?.[1] ?? null, limit]),
  })
}

export async function listUnknownDocuments(
  context: SubgraphContext,
  args: DocumentListArgs,
): Promise<Connection<UnknownDocument>> {
  const { id } = await ownApplication(context, args)
  return readPage<UnknownDocument & Hashed>(context, {
    list: ['unknownDocuments', id],
    page: args,
    position: (row) => [row.lastSeenAt, row.hash],
    read: (after, limit) => readRegistry(context, sql.UNKNOWN_DOCUMENT_PAGE, [id, after?.[0] ?? null, after?.[1] ?? null, limit]),
  })
}

interface ModeRow {
  readonly applicationId: string
  readonly mode: DocumentMode
}

export const modeOfApplication = defineBatch<string, DocumentMode>(
  (id) => id,
  async (context, ids) => {
    const rows = await readRegistry<ModeRow>(context, sql.DOCUMENT_MODES, [ids])
    const inOrder = inKeyOrder(
      ids,
      rows,
      (id) => id,
      ({ applicationId }) => applicationId,
    )
    return inOrder.map((row) => row?.mode ?? DocumentMode.OFF)
  },
)

export async function documentModeOf(context: SubgraphContext, application: Application): Promise<DocumentMode | null> {
  return isOwn(context, application) ? context.loaders.of(modeOfApplication).load(application.id) : null
}
