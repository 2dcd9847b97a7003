// An application acts for a teacher: whom it may act for, what it may do then, at which schools, and when that ends.
import { decodeJwt } from 'jose'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { classAtWork, inputOf, mark, RECORD, type ClassAtWork, type Recorded } from '../gradebook/class-at-work.ts'
import { ask, discover, exchange, graphql, refusalOf, signInAt, Surfer, credentialsOf } from '../testkit/person.ts'
import { startTestPlatform, type TestPlatform } from '../testkit/platform.ts'

const APPLICATION = 'smas'
/** Has an agreement with smas. */
const SCHOOL = 'thpt-hac-thanh'
const TEACHER = `giao-vien-1.${SCHOOL}`
const PRINCIPAL = `hieu-truong.${SCHOOL}`
const WANTED = 'school.read student.basic.read gradebook.read gradebook.write'

let platform: TestPlatform
let smas: client.Configuration
let room: ClassAtWork
let subject: string
let teacher: { id: string; staff: string; school: string }

const soon = { timeout: 1_000, interval: 10 }
const VIEWER = '{ viewer { kind displayName role schoolCount(scope: "gradebook.read") } }'
const viewerOf = async (token: string) => (await graphql(platform, token, VIEWER)).data?.viewer

beforeAll(async () => {
  platform = await startTestPlatform()
  smas = await discover(platform, APPLICATION)
  const [found] = await platform.database.sql<{ id: string; staff: string; school: string }>(
    `select a.id, m.staff_id as staff, m.school_id as school from identity.account a join access.membership m on m.account_id = a.id where a.email = $1`,
    [platform.party(TEACHER).signIn!.email],
  )
  teacher = found!
  room = await classAtWork(platform.database, { schoolId: teacher.school })
  // The teacher takes over the mathematics of this class.
  await platform.database.sql(
    `update schools.teaching_assignment set staff_id = $1 where school_id = $2 and class_id = $3 and subject_code = $4`,
    [teacher.staff, teacher.school, room.classId, room.subject],
  )
  subject = (await signInAt(platform, APPLICATION, TEACHER, WANTED)).token
}, 180_000)
afterAll(() => platform?.close(), 60_000)

const enteredBy = (id: string) => ({ enteredBy: { id } })
const recordMarks = async (token: string, marks: Parameters<typeof inputOf>[1], at = room) => {
  const { data, codes } = await graphql(platform, token, RECORD, { input: inputOf(at, marks) })
  const recorded = data?.recordScores as Recorded | undefined
  return { codes, errors: recorded?.results.map(({ errors }) => errors.map(({ code }) => code)) }
}

describe('what the teacher’s sign-in at an application yields', () => {
  test('is proof of who it was and opens nothing by itself', async () => {
    expect(decodeJwt(subject)).toMatchObject({ sub: teacher.id, client_id: APPLICATION, aud: platform.sandbox.issuer })
    expect((await graphql(platform, subject, VIEWER)).codes).toEqual(['TOKEN_AUDIENCE'])
  })

  test('is exchanged for a token that names both, with no more than approval, person and consent hold together', async () => {
    const { access_token, issued_token_type, expires_in, scope, token_type } = await exchange(smas, subject)
    expect({ issued_token_type, expires_in, token_type, scope }).toEqual({
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      expires_in: 300,
      token_type: 'bearer',
      scope: WANTED,
    })
    const claims = decodeJwt(access_token)
    expect(claims).toMatchObject({
      sub: teacher.id,
      client_id: APPLICATION,
      act: { sub: APPLICATION },
      aud: platform.sandbox.audience,
      scope: WANTED,
    })
    expect(claims.exp! - claims.iat!).toBe(300)
    expect(await viewerOf(access_token)).toEqual({
      kind: 'APPLICATION',
      displayName: expect.stringMatching(/ · /),
      role: 'TEACHER',
      schoolCount: 1,
    })
  })

  test('can be exchanged for less, and not for what the person did not allow or does not hold', async () => {
    const { access_token, scope } = await exchange(smas, subject, { scope: 'gradebook.read' })
    expect(scope).toBe('gradebook.read')
    expect((await recordMarks(access_token, [mark(room, 0, 7, enteredBy(teacher.staff))])).codes).toEqual(['SCOPE_MISSING'])
    expect(await refusalOf(exchange(smas, subject, { scope: 'attendance.read' }))).toBe('invalid_scope')
    expect(await refusalOf(exchange(smas, subject, { scope: 'gradebook.approve' }))).toBe('invalid_scope')
  })
})

describe('acting for a teacher', () => {
  test('an application enters that teacher’s marks in that teacher’s name', async () => {
    const { access_token } = await exchange(smas, subject)
    expect(await recordMarks(access_token, [mark(room, 0, 8.5, enteredBy(teacher.staff))])).toEqual({ codes: [], errors: [[]] })
    const [row] = await platform.database.sql(
      `select client_id, account_id is not null as person, application_id is not null as application from access.audit_event
       where operation_kind = 'mutation' order by at desc, id desc limit 1`,
    )
    expect(row).toEqual({ client_id: APPLICATION, person: true, application: true })
  })

  test('and not in the name of a colleague, though it could by itself', async () => {
    const { access_token } = await exchange(smas, subject)
    const eleventh = await classAtWork(platform.database, { schoolId: teacher.school, grade: 11 })
    const twelfth = await classAtWork(platform.database, { schoolId: teacher.school, grade: 12 })
    const other = [eleventh, twelfth].find(({ teacherId }) => teacherId !== teacher.staff)!
    const marks = [mark(other, 0, 6, enteredBy(other.teacherId))]
    // Pupils of a class that is not the teacher's are not there for the teacher either.
    expect((await recordMarks(access_token, marks, other)).errors).toEqual([['STUDENT_NOT_IN_CLASS', 'ACT_FORBIDDEN']])
    const { access_token: own } = await client.clientCredentialsGrant(smas)
    expect((await recordMarks(own, marks, other)).errors).toEqual([[]])
  })

  test('an application that acts for a principal enters no marks', async () => {
    const { token } = await signInAt(platform, APPLICATION, PRINCIPAL, 'school.read gradebook.read')
    const { access_token } = await exchange(smas, token)
    expect(await viewerOf(access_token)).toMatchObject({ role: 'PRINCIPAL', schoolCount: 1 })
    expect((await recordMarks(access_token, [mark(room, 0, 7, enteredBy(teacher.staff))])).codes).toEqual(['SCOPE_MISSING'])
  })

  test('no school opens but the one that both are at home at', async () => {
    const { access_token } = await exchange(smas, subject)
    const { access_token: own } = await client.clientCredentialsGrant(smas)
    const query =
      '{ viewer { schoolCount(scope: "gradebook.read") schools(scope: "gradebook.read", first: 50) { edges { node { id } } } } }'
    const schoolsOf = async (token: string) => {
      const viewer = (await graphql(platform, token, query)).data?.viewer as { schools: { edges: { node: { id: string } }[] } }
      return viewer.schools.edges.map(({ node }) => node.id)
    }
    expect(await schoolsOf(access_token)).toEqual([teacher.school])
    expect((await schoolsOf(own)).length).toBeGreaterThan(1)
  })
})

describe('an exchange is refused', () => {
  test('to another application, to the portal, and to a person’s own key', async () => {
    expect(await refusalOf(exchange(await discover(platform, 'vnedu'), subject))).toBe('invalid_grant')
    expect(await refusalOf(exchange(await discover(platform, platform.sandbox.portal.clientId), subject))).toBe('invalid_request')
    expect(await refusalOf(exchange(await discover(platform, TEACHER), subject))).toBe('invalid_request')
  })

  test('of what is no proof of a sign-in here: an exchanged token, an application’s own, a portal’s, a forged one, an id', async () => {
    const { access_token: exchanged } = await exchange(smas, subject)
    const { access_token: own } = await client.clientCredentialsGrant(smas)
    const { token: portals } = await signInAt(platform, platform.sandbox.portal.clientId, TEACHER, 'school.read')
    const forged = `${subject.slice(0, -6)}AAAAAA`
    for (const token of [exchanged, own, portals, forged, teacher.id, 'x'])
      expect(await refusalOf(exchange(smas, token))).toBe('invalid_grant')
  })

  test('with an actor of somebody else’s, for another resource, or for another kind of token', async () => {
    const { access_token: own } = await client.clientCredentialsGrant(smas)
    expect(await refusalOf(exchange(smas, subject, { actor_token: own }))).toBe('invalid_request')
    expect(await refusalOf(exchange(smas, subject, { resource: 'https://elsewhere.example/' }))).toBe('invalid_target')
    expect(await refusalOf(exchange(smas, subject, { audience: 'vnedu' }))).toBe('invalid_target')
    const idToken = 'urn:ietf:params:oauth:token-type:id_token'
    expect(await refusalOf(exchange(smas, subject, { requested_token_type: idToken }))).toBe('invalid_request')
    expect(await refusalOf(exchange(smas, subject, { subject_token_type: idToken }))).toBe('invalid_request')
  })

  test('for a person of a school without an agreement, who is told so before allowing anything', async () => {
    const [agreed] = await platform.database.sql<{ scopes: string[]; rows: unknown[] }>(
      `with taken as (delete from access.school_grant g using identity.application a
         where a.id = g.application_id and a.code = $1 and g.school_id = $2 returning g.*)
       select coalesce(json_agg(taken), '[]') as rows from taken`,
      [APPLICATION, teacher.school],
    )
    expect(await refusalOf(exchange(smas, subject))).toBe('invalid_grant')
    const surfer = new Surfer(platform.sandbox.issuer)
    const page = await surfer.open((await ask(smas, WANTED)).url.href)
    const told = await surfer.submit(page, { ...(await credentialsOf(platform, TEACHER)), decision: 'go' })
    expect([told.text.includes('Không có quyền phù hợp'), told.text.includes('value="allow"')]).toEqual([true, false])
    const forced = await surfer.submit(told, { decision: 'allow' })
    expect(new URL(forced.url).searchParams.get('error')).toBe('access_denied')
    await platform.database.sql(
      `insert into access.school_grant select * from json_populate_recordset(null::access.school_grant, $1)`,
      [JSON.stringify(agreed!.rows)],
    )
    expect(await refusalOf(exchange(smas, subject))).toBe('none')
  })

  test('for an officer of an authority, who acts in person', async () => {
    const surfer = new Surfer(platform.sandbox.issuer)
    const page = await surfer.open((await ask(smas, 'school.read')).url.href)
    const told = await surfer.submit(page, { ...(await credentialsOf(platform, 'can-bo-so')), decision: 'go' })
    expect([told.text.includes('Không có quyền phù hợp'), told.text.includes('value="allow"')]).toEqual([true, false])
  })
})

describe('the delegation ends', () => {
  const restoring = async (change: string, back: string, values: unknown[], work: () => Promise<void>): Promise<void> => {
    await platform.database.sql(change, values)
    try {
      await work()
    } finally {
      await platform.database.sql(back, values)
    }
  }
  const codesOf = (token: string) => async () => (await graphql(platform, token, VIEWER)).codes

  test('when the person leaves the school: tokens in flight open no school, and no new one is given', async () => {
    const { access_token } = await exchange(smas, subject)
    await restoring(
      `update access.membership set valid_to = date '2026-11-19' where account_id = $1`,
      'update access.membership set valid_to = null where account_id = $1',
      [teacher.id],
      async () => {
        expect(await viewerOf(access_token)).toMatchObject({ schoolCount: 0 })
        expect((await recordMarks(access_token, [mark(room, 0, 7, enteredBy(teacher.staff))])).codes).toEqual([
          'SCHOOL_NOT_ACCESSIBLE',
        ])
        expect(await refusalOf(exchange(smas, subject))).toBe('invalid_grant')
      },
    )
  })

  test('when the account is closed: refused on the next request', async () => {
    const { access_token } = await exchange(smas, subject)
    const become = async (status: string): Promise<void> => {
      await platform.database.sql('update identity.account set status = $2 where id = $1', [teacher.id, status])
      await platform.database.sql('select identity.publish_person($1, now())', [teacher.id])
    }
    await become('REVOKED')
    await expect.poll(codesOf(access_token), soon).toEqual(['TOKEN_REVOKED'])
    expect(await refusalOf(exchange(smas, subject))).toBe('invalid_grant')
    await become('ACTIVE')
    await expect.poll(codesOf(access_token), soon).toEqual([])
  })

  test('when the application is suspended', async () => {
    const { access_token } = await exchange(smas, subject)
    const told = `select pg_notify('lt_grants', $1)`
    await restoring(
      `update access.client set status = 'SUSPENDED' where client_id = $1`,
      `update access.client set status = 'ACTIVE' where client_id = $1`,
      [APPLICATION],
      async () => {
        await platform.database.sql(told, [APPLICATION])
        await expect.poll(codesOf(access_token), soon).toEqual(['APPLICATION_SUSPENDED'])
        expect(await refusalOf(exchange(smas, subject))).toBe('invalid_client')
      },
    )
    await platform.database.sql(told, [APPLICATION])
  })

  test('when a key of the application is revoked: what a thief got with it is not exchanged for something fresh', async () => {
    await restoring(
      'update access.client set tokens_after = $2 where client_id = $1',
      'update access.client set tokens_after = null where client_id = $1 and $2::timestamptz is not null',
      [APPLICATION, new Date().toISOString()],
      async () => {
        expect(await refusalOf(exchange(smas, subject))).toBe('invalid_grant')
      },
    )
    expect(await refusalOf(exchange(smas, subject))).toBe('none')
  })

  test('when the person signs out, or the application takes the token back: the sign-in behind it is over', async () => {
    const { token, surfer } = await signInAt(platform, APPLICATION, TEACHER, WANTED)
    const { access_token } = await exchange(smas, token)
    expect(await codesOf(access_token)()).toEqual([])
    expect(await client.tokenIntrospection(smas, access_token)).toMatchObject({
      active: true,
      sub: teacher.id,
      act: { sub: APPLICATION },
      scope: WANTED,
    })
    await surfer.submit(await surfer.open(`${platform.sandbox.issuer}/oauth/sign-out`), {})
    await expect.poll(codesOf(access_token), soon).toEqual(['TOKEN_REVOKED'])
    expect(await refusalOf(exchange(smas, token))).toBe('invalid_grant')
    const again = await signInAt(platform, APPLICATION, TEACHER, WANTED)
    const delegated = await exchange(smas, again.token)
    await client.tokenRevocation(smas, delegated.access_token)
    await expect.poll(codesOf(delegated.access_token), soon).toEqual(['TOKEN_REVOKED'])
    expect(await refusalOf(exchange(smas, again.token))).toBe('invalid_grant')
  })
})
