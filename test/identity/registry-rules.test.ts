// The rules of registration and agreement by themselves: which act follows from which state, what narrows, what differs.
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { AGREEMENT_TRANSITIONS, PROPOSAL_TRANSITIONS } from '../../subgraphs/identity/registry/agreement-states.ts'
import {
  APPLICATION_TRANSITIONS,
  type ApplicationAct,
  type ApplicationState,
} from '../../subgraphs/identity/registry/application-states.ts'
import { readPublicKey } from '../../subgraphs/identity/registry/credential-keys.ts'
import { differenceOf, type ContractFields, type Pupils } from '../../subgraphs/identity/registry/difference.ts'
import { findPeriodFault, isNarrowing, type Terms } from '../../subgraphs/identity/registry/terms.ts'
import { nextState, type Transitions } from '../../subgraphs/identity/registry/transitions.ts'

describe('an application', () => {
  const STATES: readonly ApplicationState[] = ['DRAFT', 'REQUESTED', 'REFUSED', 'ACTIVE', 'SUSPENDED', 'REVOKED']
  // Read down a column: what may happen to an application in this state. Written apart from the code, as the Sở would say it.
  const TABLE: Readonly<Record<ApplicationAct, readonly (ApplicationState | '-')[]>> = {
    REQUEST: ['REQUESTED', 'REQUESTED', 'REQUESTED', 'ACTIVE', '-', '-'],
    APPROVE: ['-', 'ACTIVE', '-', 'ACTIVE', '-', '-'],
    REFUSE: ['-', 'REFUSED', '-', 'ACTIVE', '-', '-'],
    SUSPEND: ['-', '-', '-', 'SUSPENDED', '-', '-'],
    REINSTATE: ['-', '-', '-', '-', 'ACTIVE', '-'],
    REVOKE: ['-', '-', '-', 'REVOKED', 'REVOKED', '-'],
  }

  test.each(Object.keys(TABLE) as ApplicationAct[])('goes on %s where the table says, and nowhere else', (act) => {
    expect(STATES.map((state) => nextState(APPLICATION_TRANSITIONS, state, act) ?? '-')).toEqual(TABLE[act])
  })

  test('that is revoked has no way back', () => {
    for (const act of Object.keys(TABLE) as ApplicationAct[])
      expect(nextState(APPLICATION_TRANSITIONS, 'REVOKED', act)).toBeNull()
  })
})

test('what was ended, stopped, refused or withdrawn is over', () => {
  const over = <S extends string, A extends string>(table: Transitions<S, A>, states: readonly S[]): unknown[] =>
    (Object.keys(table) as A[]).flatMap((act) => states.map((state) => nextState(table, state, act)))
  expect(new Set(over(AGREEMENT_TRANSITIONS, ['ENDED', 'STOPPED']))).toEqual(new Set([null]))
  expect(new Set(over(PROPOSAL_TRANSITIONS, ['SIGNED', 'REFUSED', 'WITHDRAWN']))).toEqual(new Set([null]))
})

describe('a validity', () => {
  test.each([
    ['2026-11-20', '2026-11-20', null],
    ['2026-01-01', '2036-01-01', null],
    ['2026-01-01', '2036-01-02', 'TOO_LONG'],
    ['2026-12-02', '2026-12-01', 'ENDS_BEFORE_IT_BEGINS'],
    ['2026-01-01', '2026-11-19', 'ALREADY_OVER'],
  ])('from %s to %s is %s', (validFrom, validTo, fault) => {
    expect(findPeriodFault({ validFrom, validTo }, '2026-11-20')).toBe(fault)
  })
})

describe('a narrowing', () => {
  const terms: Terms = {
    purpose: 'Sổ điểm',
    scopeNames: ['school.read', 'gradebook.read'],
    levels: ['TH', 'THCS'],
    schoolYears: [],
    validFrom: '2026-09-01',
    validTo: '2027-08-31',
  }

  test.each<[string, Partial<Terms>, boolean]>([
    ['nothing changed', {}, true],
    ['a scope fewer', { scopeNames: ['school.read'] }, true],
    ['a level fewer', { levels: ['TH'] }, true],
    ['a school year where there was none', { schoolYears: ['2026-2027'] }, true],
    ['fewer days', { validFrom: '2026-10-01', validTo: '2027-01-01' }, true],
    ['another scope', { scopeNames: ['school.read', 'health.read'] }, false],
    ['another level', { levels: ['TH', 'THPT'] }, false],
    ['every level, said by an empty list', { levels: [] }, false],
    ['a day earlier', { validFrom: '2026-08-31' }, false],
    ['a day longer', { validTo: '2027-09-01' }, false],
    ['another purpose', { purpose: 'Tin nhắn' }, false],
  ])('%s', (_what, change, narrows) => {
    expect(isNarrowing({ ...terms, ...change }, terms)).toBe(narrows)
  })
})

describe('a difference', () => {
  const everybody = { levels: [], schoolYears: [] }
  const of = (before: readonly string[], after: readonly string[], pupils: readonly Pupils[] = []) =>
    differenceOf([{ scopeNames: before, ...everybody }], [{ scopeNames: after, ...everybody }], pupils, FIELDS)
  const FIELDS: ContractFields = new Map([
    ['Student.fullName', [['student.basic.read']]],
    ['Student.guardians', [['student.basic.read', 'guardian.contact.read']]],
    ['Student.messages', [['message.read'], ['message.supervise']]],
  ])
  const PUPILS: Pupils[] = [
    { level: 'TH', schoolYear: '2026-2027', count: 140 },
    { level: 'THCS', schoolYear: '2026-2027', count: 120 },
    { level: null, schoolYear: null, count: 3 },
  ]

  test('tells what is gained and lost, in scopes and in kinds of data', () => {
    const difference = of(['school.read', 'gradebook.read'], ['school.read', 'health.read'], PUPILS)
    expect(difference).toMatchObject({
      scopesGained: ['health.read'],
      scopesLost: ['gradebook.read'],
      dataGained: ['health'],
      dataLost: ['marks'],
      schoolGained: false,
      schoolLost: false,
      pupilsGained: 0,
      pupilsLost: 0,
    })
  })

  test('names a kind of data that stays readable by another scope neither gained nor lost', () => {
    const { dataLost } = of(['gradebook.read', 'gradebook.write'], ['gradebook.read'])
    expect(dataLost).toEqual([])
  })

  test('sees a school open and close, with its pupils only where a scope shows pupils', () => {
    expect(of([], ['school.read'], PUPILS)).toMatchObject({ schoolGained: true, pupilsGained: 0 })
    expect(of(['student.basic.read'], [], PUPILS)).toMatchObject({ schoolLost: true, pupilsLost: 263 })
  })

  test('counts the pupils of the levels and school years alone, and of nobody twice', () => {
    const whole = { scopeNames: ['student.basic.read'], levels: [], schoolYears: [] }
    const lower = { ...whole, levels: ['THCS'] }
    expect(differenceOf([whole], [lower], PUPILS, FIELDS)).toMatchObject({ pupilsGained: 0, pupilsLost: 143, scopesLost: [] })
    expect(differenceOf([lower], [{ ...whole, schoolYears: ['2025-2026'] }], PUPILS, FIELDS)).toMatchObject({
      pupilsGained: 0,
      pupilsLost: 120,
    })
    expect(differenceOf([lower], [lower, whole], PUPILS, FIELDS)).toMatchObject({ pupilsGained: 143, pupilsLost: 0 })
  })

  test('names a field when all its scopes are there, by whichever of its alternatives', () => {
    expect(of(['student.basic.read'], ['student.basic.read', 'guardian.contact.read'])).toMatchObject({
      fieldsGained: ['Student.guardians'],
      fieldsLost: [],
    })
    expect(of([], ['guardian.contact.read'])).toMatchObject({ fieldsGained: [] })
    expect(of(['message.read'], ['message.supervise'])).toMatchObject({ fieldsGained: [], fieldsLost: [] })
  })

  test('does not take a scope over something else for one over pupils', () => {
    expect(of([], ['staff.read'], PUPILS)).toMatchObject({ pupilsGained: 0 })
  })
})

describe('a public key', () => {
  const jwkOf = (type: 'ec' | 'ed25519' | 'rsa', part: 'publicKey' | 'privateKey'): string => {
    const pair =
      type === 'ec'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : type === 'rsa'
          ? generateKeyPairSync('rsa', { modulusLength: 2048 })
          : generateKeyPairSync('ed25519')
    return JSON.stringify(pair[part].export({ format: 'jwk' }))
  }

  test('of either kind is taken, and keeps its public members alone', () => {
    const key = readPublicKey(JSON.stringify({ ...(JSON.parse(jwkOf('ec', 'publicKey')) as object), kid: 'k1', note: 'x' }))
    expect(key).toMatchObject({ jwk: { kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid: 'k1' } })
    expect(key).not.toHaveProperty('jwk.note')
    expect(readPublicKey(jwkOf('ed25519', 'publicKey'))).toMatchObject({ jwk: { alg: 'EdDSA' } })
  })

  test('that brings its private part is refused and not stripped, for it has leaked', () => {
    expect(readPublicKey(jwkOf('ec', 'privateKey'))).toBe('PRIVATE_KEY')
    expect(readPublicKey(JSON.stringify({ kty: 'oct', k: 'c2VjcmV0' }))).toBe('PRIVATE_KEY')
  })

  test.each([
    ['of RSA', jwkOf('rsa', 'publicKey')],
    ['that is no JSON', 'x'],
    ['that is null', 'null'],
    ['that is a list', '[]'],
    ['whose point lies off the curve', JSON.stringify({ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' })],
  ])('%s is refused', (_what, text) => {
    expect(readPublicKey(text)).toBe('NOT_A_KEY')
  })
})
