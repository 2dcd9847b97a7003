// The part of an access explanation that the registry knows: scopes, agreements and schools of the caller.
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { connectionOf } from '../../kernel/connection.ts'
import { School, ScopeEntry } from './types.ts'

export enum MissingScopeReason {
  NOT_APPROVED = 'NOT_APPROVED',
  NOT_IN_TOKEN = 'NOT_IN_TOKEN',
}
registerEnumType(MissingScopeReason, {
  name: 'MissingScopeReason',
  description: 'Why the caller does not hold a scope (lý do thiếu phạm vi quyền).',
  valuesConfig: {
    NOT_APPROVED: { description: 'Chưa được phê duyệt: the approval or the role does not have it; the vendor asks the Sở.' },
    NOT_IN_TOKEN: { description: 'Có phê duyệt nhưng mã truy cập không xin: ask for a token with it.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'One scope an operation needs, and whether the caller holds it.' })
export class ScopeExplanation {
  @Field(() => ScopeEntry, { description: 'The scope.' })
  scope!: ScopeEntry

  @Field(() => Boolean, { description: 'Whether the caller holds it now: approved, and in the token.' })
  held!: boolean

  @Field(() => MissingScopeReason, { nullable: true, description: 'Why not; null if it is held.' })
  missingBecause!: MissingScopeReason | null

  @Field(() => Int, {
    nullable: true,
    description: 'At how many schools it is open to the caller today; null for a scope that no school agrees to, as of reports.',
  })
  openSchools!: number | null
}

@ObjectType({ simpleResolvers: true, description: 'What of an operation one school opens to the caller today.' })
export class SchoolAccess {
  @Field(() => School, { description: 'The school.' })
  school!: School

  @Field(() => [ID], { description: 'The agreements in force between it and the calling application (thỏa thuận); none for a person.' })
  @Directive('@listSize(assumedSize: 1)')
  agreementIds!: readonly string[]

  @Field(() => Boolean, { description: 'Whether every scope the operation needs at a school is open here.' })
  open!: boolean

  @Field(() => [ScopeEntry], { description: 'The scopes that are not: the agreement leaves them out, or the caller does not hold them.' })
  @Directive('@listSize(assumedSize: 3)')
  missingScopes!: ScopeEntry[]
}

export const SchoolAccessConnection = connectionOf('SchoolAccess', () => SchoolAccess)

@ObjectType({ simpleResolvers: true, description: 'Why an operation would be let through or refused, as far as the caller is concerned (giải thích quyền truy cập).' })
@Directive('@key(fields: "neededScopes")')
export class AccessExplanation {
  @Field(() => String, { description: 'The scopes in one text, by which identity goes on.' })
  @Directive('@inaccessible')
  neededScopes!: string
}
