// Known documents: arguments in, a service, the entity out.
import { Arg, Args, Ctx, Directive, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { BatchPayload } from '../../kernel/batch.ts'
import type { Connection } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { documentModeOf, listKnownDocuments, listUnknownDocuments } from '../services/documents.ts'
import { registerDocuments, retireDocuments, setDocumentMode } from '../services/register-documents.ts'
import { DocumentListArgs, RegisterDocumentsInput } from './document-inputs.ts'
import {
  DocumentMode,
  KnownDocumentBatch,
  KnownDocumentConnection,
  UnknownDocumentConnection,
  type KnownDocument,
  type UnknownDocument,
} from './document-types.ts'
import { ApplicationRef } from './inputs.ts'
import { Application } from './types.ts'

const PAGE = '@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)'
const APPLICATION = { description: 'Which application.' }
const REASON = { description: 'Why (lý do); kept with the event.' }

@Resolver(() => Application)
export class DocumentResolver {
  @Query(() => KnownDocumentConnection, {
    description: 'The documents that an application may ask for by their id, the latest first: of the own vendor, and for the Sở. Errors: RECORD_NOT_ACCESSIBLE, REFERENCE_INVALID, LIST_TOO_LONG, CURSOR_INVALID.',
  })
  @Directive(PAGE)
  knownDocuments(@Args(() => DocumentListArgs) args: DocumentListArgs, @Ctx() context: SubgraphContext): Promise<Connection<KnownDocument>> {
    return listKnownDocuments(context, args)
  }

  @Query(() => UnknownDocumentConnection, {
    description: 'What an application asked for under REPORT or ENFORCE and has not registered, the latest first: of the own vendor, and for the Sở. Errors: RECORD_NOT_ACCESSIBLE, REFERENCE_INVALID, LIST_TOO_LONG, CURSOR_INVALID.',
  })
  @Directive(PAGE)
  unknownDocuments(@Args(() => DocumentListArgs) args: DocumentListArgs, @Ctx() context: SubgraphContext): Promise<Connection<UnknownDocument>> {
    return listUnknownDocuments(context, args)
  }

  @FieldResolver(() => DocumentMode, { nullable: true, description: 'How the list of its documents is held; null to another vendor.' })
  documentMode(@Root() application: Application, @Ctx() context: SubgraphContext): Promise<DocumentMode | null> {
    return documentModeOf(context, application)
  }

  @Mutation(() => KnownDocumentBatch, {
    description: 'Registers documents of an application (đăng ký tài liệu truy vấn), each judged as if it were sent: parsed, measured, validated. Known by their SHA-256, at once and at every gateway. It opens nothing: scopes, rows, limits and budgets hold as for any document. Errors: BATCH_EMPTY, BATCH_TOO_LONG, DOCUMENTS_TOO_MANY, TRANSITION_ILLEGAL, ACT_FORBIDDEN, RECORD_NOT_ACCESSIBLE, REFERENCE_INVALID; for one document DOCUMENT_MISMATCH, DUPLICATE_IN_BATCH, GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED or a limit.',
  })
  registerDocuments(
    @Arg('input', () => RegisterDocumentsInput, { description: 'The application and its documents.' }) input: RegisterDocumentsInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BatchPayload<KnownDocument>> {
    return registerDocuments(context, input)
  }

  @Mutation(() => Int, {
    description: 'Takes documents off the list of an application (gỡ tài liệu truy vấn) and answers how many: from then on their ids are unknown. Errors: BATCH_EMPTY, BATCH_TOO_LONG, DOCUMENTS_MISSING, REASON_REQUIRED, ACT_FORBIDDEN, RECORD_NOT_ACCESSIBLE, REFERENCE_INVALID.',
  })
  retireDocuments(
    @Arg('application', () => ApplicationRef, APPLICATION) application: ApplicationRef,
    @Arg('documentIds', () => [String], { description: 'Ids, `sha256:…`, 1 to 1,000. What is not on the list is passed over.' }) documentIds: string[],
    @Arg('reason', () => String, REASON) reason: string,
    @Ctx() context: SubgraphContext,
  ): Promise<number> {
    return retireDocuments(context, application, documentIds, reason)
  }

  @Mutation(() => Application, {
    description: 'Sets how the list of documents is held, at once and at every gateway. Under ENFORCE the application’s own key may keep the list only by documents that are on it. Errors: DOCUMENTS_MISSING, REASON_REQUIRED, TRANSITION_ILLEGAL, ACT_FORBIDDEN, RECORD_NOT_ACCESSIBLE, REFERENCE_INVALID.',
  })
  setDocumentMode(
    @Arg('application', () => ApplicationRef, APPLICATION) application: ApplicationRef,
    @Arg('mode', () => DocumentMode, { description: 'How it should be held.' }) mode: DocumentMode,
    @Arg('reason', () => String, REASON) reason: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Application> {
    return setDocumentMode(context, application, mode, reason)
  }
}
