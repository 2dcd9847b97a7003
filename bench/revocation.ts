// `npm run bench:revocation`: how long a right outlives its end. Two platforms of separate processes on one database: the Sở and the
// school act at the first, an application with 1,000 agreements asks at the second without pause. Measured is the time from the act,
// as sent and as acknowledged, to the first refused request, and whether a request that began after the acknowledgement was answered.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { readAdminSecrets } from '../platform/secrets.ts'
import { readSandboxFile, type Sandbox } from '../platform/sandbox/parties.ts'
import { fetchToken } from '../sdk/token.ts'
import { machineLoad, median, printTable, quantile, send, startNode } from './kit.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 100)
const AGREEMENTS = Number(process.env.AGREEMENTS ?? 1_000)
const CONNECTIONS = 2
const [PORT_OF_OFFICERS, PORT_OF_VENDORS] = [4_490, 4_491]
const TOKEN_LIFE_MS = 60_000

interface Answer {
  readonly data?: Record<string, Record<string, string>> | null
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
}

/** A party at one of the platforms, with a token that is renewed before it is old. */
class Party {
  readonly #sandbox: Sandbox
  readonly #clientId: string
  readonly #privateKey: string
  readonly #agent = new Agent({ keepAlive: true })
  #token = ''
  #tokenAt = -Infinity

  constructor(sandbox: Sandbox, clientId: string, privateKey: string) {
    this.#sandbox = sandbox
    this.#clientId = clientId
    this.#privateKey = privateKey
  }

  async renew(): Promise<void> {
    if (performance.now() - this.#tokenAt < TOKEN_LIFE_MS) return
    const { tokenEndpoint, issuer } = this.#sandbox
    this.#token = (
      await fetchToken({ tokenEndpoint, issuer, clientId: this.#clientId, privateKey: this.#privateKey })
    ).accessToken
    this.#tokenAt = performance.now()
  }

  async ask(query: string, variables: object = {}): Promise<Answer> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` }
    const target = { url: this.#sandbox.graphql, method: 'POST' as const, headers, body: JSON.stringify({ query, variables }) }
    return JSON.parse((await send(this.#agent, target)).text) as Answer
  }

  async act(query: string, variables: object = {}): Promise<Record<string, string>> {
    await this.renew()
    const { data, errors } = await this.ask(query, variables)
    if (errors) throw new Error(`${this.#clientId} was refused: ${JSON.stringify(errors)}`)
    return Object.values(data!)[0]!
  }

  close(): void {
    this.#agent.destroy()
  }
}

interface Measured {
  /** From the act as sent to the first refused answer. */
  readonly fromSent: number[]
  /** From the act as acknowledged to the first refused answer; nothing when it was refused before that. */
  readonly fromAcknowledged: number[]
  /** Requests that began after the acknowledgement and were answered all the same. */
  answeredAfter: number
}

interface Right {
  readonly name: string
  readonly end: () => Promise<unknown>
  readonly restore: () => Promise<unknown>
  readonly use: () => Promise<Answer>
  readonly refusal: string
}

async function measure({ end, restore, use, refusal }: Right, rounds: number): Promise<Measured> {
  const measured: Measured = { fromSent: [], fromAcknowledged: [], answeredAfter: 0 }
  for (let round = 0; round < rounds; round += 1) {
    // What was given back is used again before it is taken away again: the news of it, too, takes its time to the other platform.
    while ((await use()).errors) await new Promise((resolve) => setTimeout(resolve, 5))
    const refusals: number[] = []
    let acknowledged = Infinity
    let sent = Infinity
    const worker = async (): Promise<void> => {
      for (;;) {
        const began = performance.now()
        const { errors } = await use()
        const code = errors?.[0]?.extensions.code
        if (code === refusal && sent < Infinity) return void refusals.push(performance.now())
        if (code !== undefined) throw new Error(`refused with ${code}, not ${refusal}: ${errors![0]!.message}`)
        if (began > acknowledged) measured.answeredAfter += 1
      }
    }
    const refused = Promise.all(Array.from({ length: CONNECTIONS }, worker))
    // Awaited below; told here, so that a fault in between does not end the process and leave the platforms behind.
    refused.catch(() => undefined)
    // Well under way, and the rights well remembered, before the act.
    await new Promise((resolve) => setTimeout(resolve, 20))
    sent = performance.now()
    await end()
    acknowledged = performance.now()
    await refused
    const first = Math.min(...refusals)
    measured.fromSent.push(first - sent)
    measured.fromAcknowledged.push(Math.max(0, first - acknowledged))
    await restore()
  }
  return measured
}

/** Agreements with schools that stand for those of a large province: what is published is their number, not their pupils. */
async function giveAgreements(databaseUrl: string, code: string, count: number): Promise<number> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ id: string }>(`select id from identity.application where code = $1`, [code])
    const { id } = rows[0]!
    await client.query(
      `insert into identity.agreement (school_id, id, application_id, purpose, scopes, signed_by_staff_id, signed_at, valid_from, valid_to, updated_at)
       select gen_random_uuid(), gen_random_uuid(), p.application_id, 'BENCH', p.scopes, gen_random_uuid(), p.decided_at, p.valid_from, p.valid_to, p.decided_at
       from identity.approval p
       cross join generate_series(1, $2::int - (select count(*)::int from identity.agreement where application_id = $1))
       where p.application_id = $1`,
      [id, count],
    )
    await client.query(`select identity.publish_application($1, $2)`, [id, new Date().toISOString()])
    const grants = await client.query<{ count: number }>(
      `select count(*)::int as count from access.school_grant where application_id = $1`,
      [id],
    )
    return grants.rows[0]!.count
  } finally {
    await client.end()
  }
}

const SUSPEND = `mutation { suspendApplication(application: { code: "smas" }, reason: "Đo thời gian") { status } }`
const REINSTATE = `mutation { reinstateApplication(application: { code: "smas" }, reason: "Đo thời gian") { status } }`
const PROPOSE = `mutation ($input: ProposeAgreementInput!) { proposeAgreement(input: $input) { id } }`
const SIGN = `mutation ($id: ID!) { signAgreement(proposalId: $id) { id } }`
const END = `mutation ($id: ID!) { endAgreement(agreementId: $id, reason: "Đo thời gian") { id } }`
const READ_SCHOOL = `query ($code: String!) { school(ref: { code: $code }) { name } }`

const day = (fromToday: number): string => new Date(Date.now() + fromToday * 86_400_000).toISOString().slice(0, 10)

const dataDir = await mkdtemp(join(tmpdir(), 'lienthong-bench-'))
const start = (port: number, databaseUrl: string) =>
  startNode(
    new URL('../platform/start-distributed.ts', import.meta.url),
    {
      DATA_DIR: dataDir,
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      SECRETS_DIR: join(dataDir, 'secrets'),
      LOG_LEVEL: 'error',
    },
    'is ready',
  )
const first = await start(PORT_OF_OFFICERS, '')
try {
  const officesSandbox = await readSandboxFile(dataDir)
  const { superuserPassword } = await readAdminSecrets(join(dataDir, 'secrets'))
  const pidFile = (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')
  const databaseUrl = `postgresql://lienthong:${superuserPassword}@${encodeURIComponent(pidFile[4]!)}:${pidFile[3]}/lienthong?sslmode=disable`
  const second = await start(PORT_OF_VENDORS, databaseUrl)
  try {
    const vendorsSandbox = await readSandboxFile(dataDir)
    const partyAt = async (sandbox: Sandbox, clientId: string): Promise<Party> => {
      const { privateKeyFile } = sandbox.parties.find((party) => party.clientId === clientId)!
      const party = new Party(sandbox, clientId, await readFile(join(dataDir, privateKeyFile), 'utf8'))
      await party.renew()
      return party
    }
    const officer = await partyAt(officesSandbox, 'can-bo-so')
    const smas = await partyAt(vendorsSandbox, 'smas')
    const principals = vendorsSandbox.parties.filter(({ role }) => role === 'PRINCIPAL')
    const ours = vendorsSandbox.parties.find(({ clientId }) => clientId === 'smas')!.schools
    const principalParty = principals.find(({ schools }) => ours.some(({ code }) => code === schools[0]?.code))
    if (!principalParty) throw new Error('no principal signs in at a school of smas')
    const school = principalParty.schools[0]!
    const principal = await partyAt(officesSandbox, principalParty.clientId)

    const grants = await giveAgreements(databaseUrl, 'smas', AGREEMENTS)
    const LIST = `query ($s: ID) { agreements(schoolId: $s, first: 100) { nodes { id state application { code } } } }`
    const listed = (await principal.ask(LIST, { s: school.id })) as unknown as {
      data: { agreements: { nodes: { id: string; state: string; application: { code: string } }[] } }
    }
    let agreementId = listed.data.agreements.nodes.find(
      ({ state, application }) => state === 'SIGNED' && application.code === 'smas',
    )!.id
    const terms = {
      purpose: 'Đo thời gian',
      scopes: ['identity.read', 'school.read'],
      validFrom: day(0),
      validTo: day(300),
    }

    const rights: Right[] = [
      {
        name: 'application suspended by the Sở',
        end: () => officer.act(SUSPEND),
        restore: async () => {
          await officer.act(REINSTATE)
          await smas.renew()
        },
        use: () => smas.ask('{ viewer { displayName } }'),
        refusal: 'APPLICATION_SUSPENDED',
      },
      {
        name: 'agreement ended by the principal',
        end: () => principal.act(END, { id: agreementId }),
        restore: async () => {
          const proposal = await smas.act(PROPOSE, { input: { school: { id: school.id }, terms } })
          agreementId = (await principal.act(SIGN, { id: proposal.id }))['id']!
        },
        use: () => smas.ask(READ_SCHOOL, { code: school.code }),
        refusal: 'SCHOOL_NOT_ACCESSIBLE',
      },
    ]
    console.log(`${grants} grants of one application; ${ROUNDS} rounds each, ${CONNECTIONS} connections asking; ${machineLoad()}`)
    const rows: string[][] = [
      ['', 'sent → refused p50 ms', 'p99 ms', 'most', 'acknowledged → refused p50 ms', 'p99 ms', 'answered after'],
    ]
    for (const right of rights) {
      await measure(right, 5)
      const { fromSent, fromAcknowledged, answeredAfter } = await measure(right, ROUNDS)
      const ms = (value: number): string => value.toFixed(1)
      rows.push([
        right.name,
        ms(median(fromSent)),
        ms(quantile(fromSent, 0.99)),
        ms(Math.max(...fromSent)),
        ms(median(fromAcknowledged)),
        ms(quantile(fromAcknowledged, 0.99)),
        String(answeredAfter),
      ])
    }
    printTable(rows)
    for (const party of [officer, smas, principal]) party.close()
  } finally {
    await second.stop()
  }
} finally {
  await first.stop()
  await rm(dataDir, { recursive: true, force: true })
}
