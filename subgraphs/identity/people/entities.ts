// Storage of signing in: secrets of accounts, windows of tries, the record of sign-ins.
import { defineEntity, p, type EntitySchema } from '@mikro-orm/core'
import { instant } from '../../kernel/entity-kit.ts'

const schema = 'identity'

const AccountSecretEntity = defineEntity({
  name: 'identity.AccountSecret',
  tableName: 'account_secret',
  schema,
  properties: {
    accountId: p.uuid().primary(),
    passwordHash: p.text(),
    totpSecret: p.type('Buffer').columnType('bytea'),
    totpLastStep: p.bigint('string').default(0),
    updatedAt: instant(),
  },
})

const SignInWindowEntity = defineEntity({
  name: 'identity.SignInWindow',
  tableName: 'sign_in_window',
  schema,
  indexes: [{ name: 'sign_in_window_by_end', properties: ['endsAt'] }],
  properties: { subject: p.text().primary(), tries: p.integer(), endsAt: instant() },
})

const SignInEventEntity = defineEntity({
  name: 'identity.SignInEvent',
  tableName: 'sign_in_event',
  schema,
  properties: {
    id: p.uuid().primary(),
    at: instant(),
    act: p.text(),
    outcome: p.text(),
    accountId: p.uuid().nullable(),
    clientId: p.text().nullable(),
    address: p.text(),
  },
})

export const signInEntities: EntitySchema[] = [AccountSecretEntity, SignInWindowEntity, SignInEventEntity]
