// What a vendor sends to keep the list of an application's documents.
import { ArgsType, Field, InputType } from 'type-graphql'
import { PageArgs } from '../../kernel/connection.ts'
import { ApplicationRef } from './inputs.ts'

@InputType({ description: 'A document to register (tài liệu truy vấn).' })
export class DocumentInput {
  @Field(() => String, { description: 'The text, byte for byte as the client hashes it: 1 to 65,536 characters.' })
  text!: string

  @Field(() => String, { nullable: true, description: 'The id that the client will send, `sha256:…`; refused if it is not that of the text. Left out, it is worked out.' })
  documentId?: string | null
}

@InputType({ description: 'Documents of one application.' })
export class RegisterDocumentsInput {
  @Field(() => ApplicationRef, { description: 'The application whose documents they are.' })
  application!: ApplicationRef

  @Field(() => [DocumentInput], { description: '1 to 100 documents.' })
  documents!: DocumentInput[]
}

@ArgsType()
export class DocumentListArgs extends PageArgs {
  @Field(() => ApplicationRef, { description: 'Whose.' })
  application!: ApplicationRef
}
