// The public shape of known documents: an application's list, how it is held, and what was asked beside it.
import { Directive, Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import { batchOf } from '../../kernel/batch.ts'
import { connectionOf } from '../../kernel/connection.ts'
import { DateTime } from '../../kernel/scalars.ts'

export enum DocumentMode {
  OFF = 'OFF',
  REPORT = 'REPORT',
  ENFORCE = 'ENFORCE',
}
registerEnumType(DocumentMode, {
  name: 'DocumentMode',
  description: 'How the list of registered documents of an application is held (chế độ tài liệu truy vấn).',
  valuesConfig: {
    OFF: { description: 'Any document runs; registered ones may be asked for by their id.' },
    REPORT: { description: 'Any document runs; what is not registered is counted in `unknownDocuments`.' },
    ENFORCE: { description: 'Registered documents run, and nothing else.' },
  },
})

export enum DocumentOrigin {
  REGISTERED = 'REGISTERED',
  AUTOMATIC = 'AUTOMATIC',
}
registerEnumType(DocumentOrigin, {
  name: 'DocumentOrigin',
  description: 'How a document came to be known (nguồn gốc).',
  valuesConfig: {
    REGISTERED: { description: 'By `registerDocuments`.' },
    AUTOMATIC: {
      description:
        'In the sandbox, because a client sent its text with its hash. The latest 200 stay, for convenience: under ENFORCE they are not on the list.',
    },
  },
})

@ObjectType({ simpleResolvers: true, description: 'A document that an application may ask for by its id (tài liệu truy vấn đã đăng ký).' })
export class KnownDocument {
  @Field(() => String, { description: 'As it is asked for: `sha256:` and the SHA-256 of the text in 64 hexadecimal digits.' })
  documentId!: string

  @Field(() => String, { description: 'The text, byte for byte as registered.' })
  text!: string

  @Field(() => [String], { description: 'Names of its operations.' })
  @Directive('@listSize(assumedSize: 1)')
  operationNames!: string[]

  @Field(() => DocumentOrigin, { description: 'How it came to be known.' })
  origin!: DocumentOrigin

  @Field(() => [String], { description: 'Scopes that it needs, by the shortest way; what the application holds decides when it runs.' })
  @Directive('@listSize(assumedSize: 3)')
  neededScopes!: string[]

  @Field(() => Int, { description: 'Fields inside fields, of its deepest operation.' })
  depth!: number

  @Field(() => Int, { nullable: true, description: 'Cost by the defaults of its variables, else of the contract; null where they do not tell it or it is beyond the limit.' })
  cost!: number | null

  @Field(() => DateTime, { description: 'When it was registered.' })
  registeredAt!: string

  @Field(() => Int, { description: 'How often it was asked for since, by its id or in a mode that looks; some seconds behind.' })
  uses!: number

  @Field(() => DateTime, { nullable: true, description: 'First use; null: never used.' })
  firstUsedAt!: string | null

  @Field(() => DateTime, { nullable: true, description: 'Last use; null: never used. What nobody uses may be retired.' })
  lastUsedAt!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'A document that an application asked for and has not registered (tài liệu chưa đăng ký): let through under REPORT, refused under ENFORCE. The latest 500 are kept, without their text.' })
export class UnknownDocument {
  @Field(() => String, { description: 'The id that its text has.' })
  documentId!: string

  @Field(() => String, { nullable: true, description: 'Name of the operation that was asked for; null if it has none.' })
  operationName!: string | null

  @Field(() => Int, { description: 'How often; some seconds behind.' })
  timesSeen!: number

  @Field(() => DateTime, { description: 'First seen.' })
  firstSeenAt!: string

  @Field(() => DateTime, { description: 'Last seen.' })
  lastSeenAt!: string
}

export const KnownDocumentConnection = connectionOf('KnownDocument', () => KnownDocument)
export const UnknownDocumentConnection = connectionOf('UnknownDocument', () => UnknownDocument)
export const KnownDocumentBatch = batchOf('KnownDocument', () => KnownDocument)
