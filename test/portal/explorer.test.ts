// The explorer: a page that keeps to itself, tokens for nobody else's page, examples that say what they promise.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSchema, parse, TypeInfo, validate, visit, visitWithTypeInfo, type GraphQLSchema } from 'graphql'
import type { Browser, Page } from 'playwright-core'
import { request } from 'undici'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { parseExample, readExamples } from '../../portal/explorer/examples.ts'
import { createExplorer } from '../../portal/explorer/plugin.ts'
import { isOfferedTo, type ExplorerExample, type ExplorerSession } from '../../portal/explorer/session.ts'
import { openPage, startBrowser, type WatchedPage } from '../testkit/browser.ts'
import { startTestPlatform, type TestPlatform } from '../testkit/platform.ts'

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')

describe('the example operations', () => {
  let contract: GraphQLSchema
  let examples: ExplorerExample[]

  beforeAll(async () => {
    contract = buildSchema(await read('schema/contract.graphql'))
    examples = await readExamples()
  })

  /** As the contract's descriptions tell them: one list for each field, of which any one scope will do. */
  function scopesNeeded(document: string): string[][] {
    const types = new TypeInfo(contract)
    const needed: string[][] = []
    const note = (description: string | null | undefined): void => {
      const line = /Scope: (.+)\./.exec(description ?? '')?.[1] ?? ''
      for (const part of line.split(' and ')) {
        const anyOf = [...part.matchAll(/`([a-z.]+)`/g)].map(([, scope]) => scope!)
        if (anyOf.length > 0) needed.push(anyOf)
      }
    }
    visit(parse(document), visitWithTypeInfo(types, { Field: () => note(types.getFieldDef()?.description) }))
    return needed
  }

  test('every one of them fits the contract', () => {
    expect(examples.length).toBeGreaterThanOrEqual(8)
    for (const { id, document } of examples) expect([id, validate(contract, parse(document)).map(String)]).toEqual([id, []])
  })

  test('none is offered to a party that lacks a scope it needs', () => {
    for (const { id, document, scopes } of examples) {
      const unnamed = scopesNeeded(document).filter((anyOf) => !anyOf.some((scope) => scopes.includes(scope)))
      expect([id, unnamed]).toEqual([id, []])
    }
  })

  test('vendor, Sở and compliance each have theirs, with a title in both languages', () => {
    const forRole = (role: string): string[] => examples.filter(({ roles }) => roles.includes(role)).map(({ id }) => id)
    expect(forRole('APPLICATION')).toEqual(expect.arrayContaining(['class-page', 'record-scores', 'averages']))
    expect(forRole('AUTHORITY_OFFICER')).toEqual(expect.arrayContaining(['contact-book-report', 'software-in-use']))
    expect(forRole('COMPLIANCE_OFFICER')).toContain('who-read-what')
    for (const { titleVi, titleEn } of examples)
      expect([titleVi, titleEn].every((title) => title.length > 5 && title === title.normalize('NFC'))).toBe(true)
  })

  test('what the page asks to fill in their variables fits the contract', async () => {
    expect(validate(contract, parse(await read('portal/explorer/page/lookup.graphql'))).map(String)).toEqual([])
  })

  test('a file that does not say for whom it is stops the start, naming the line', () => {
    expect(() => parseExample('12-new.graphql', '# vi: Mới\n# en: New\nquery New { viewer { kind } }')).toThrow(
      '12-new.graphql: line 3 begins with "# for: "',
    )
  })
})

describe('on a platform', () => {
  let platform: TestPlatform

  beforeAll(async () => {
    platform = await startTestPlatform()
  })
  afterAll(() => platform?.close())

  const get = (path: string) => request(`${platform.url}${path}`)

  describe('the token route', () => {
    interface Asking {
      readonly origin?: string | undefined
      readonly site?: string | undefined
      readonly marked?: boolean
      readonly body?: string
      readonly type?: string
    }

    async function askForToken({
      origin = platform.url,
      site = 'same-origin',
      marked = true,
      body = '{"clientId":"smas"}',
      type = 'application/json',
    }: Asking = {}) {
      const headers: Record<string, string> = { 'content-type': type }
      if (origin !== 'none') headers.origin = origin
      if (site !== 'none') headers['sec-fetch-site'] = site
      if (marked) headers['x-lienthong-explorer'] = '1'
      const response = await request(`${platform.url}/explorer/token`, { method: 'POST', headers, body })
      return { status: response.statusCode, answer: (await response.body.json()) as Record<string, unknown> }
    }

    test('the explorer’s own page gets a token that opens the API, for the party it chose', async () => {
      const { status, answer } = await askForToken()
      expect([status, answer.scopes]).toEqual([200, platform.party('smas').scopes])
      const asked = await request(`${platform.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${String(answer.accessToken)}` },
        body: JSON.stringify({ query: '{ viewer { displayName } }' }),
      })
      expect(await asked.body.json()).toMatchObject({ data: { viewer: { displayName: 'SMAS' } } })
    })

    test('the same page under another name of this machine gets one, too', async () => {
      const { port } = new URL(platform.url)
      expect((await askForToken({ origin: `http://localhost:${port}` })).status).toBe(200)
    })

    const foreign = {
      'a page of another origin': { origin: 'https://evil.example' },
      'a page of this host at another port': { origin: 'http://127.0.0.1:1' },
      'a sandboxed frame': { origin: 'null' },
      'a request that hides its origin': { origin: 'none' },
      'a page whose browser calls it cross-site': { site: 'cross-site' },
      'a page of a sister domain': { site: 'same-site' },
      'a form, which cannot set the header': { marked: false },
    }
    test.each(Object.entries(foreign))('%s gets none', async (_who, asking) => {
      const { status, answer } = await askForToken(asking)
      expect([status, answer.error, answer.accessToken]).toEqual([403, 'foreign_origin', undefined])
    })

    test('a name that an attacker points at this machine gets none, though origin and host agree', async () => {
      const { port } = new URL(platform.url)
      const rebound = `evil.example:${port}`
      const response = await request(`${platform.url}/explorer/token`, {
        method: 'POST',
        headers: {
          host: rebound,
          origin: `http://${rebound}`,
          'sec-fetch-site': 'same-origin',
          'x-lienthong-explorer': '1',
          'content-type': 'application/json',
        },
        body: '{"clientId":"smas"}',
      })
      expect(response.statusCode).toBe(403)
      await response.body.dump()
    })

    test.each(['{"clientId":"nobody"}', '{"clientId":"../sandbox"}', '{"clientId":["smas"]}', '{}', 'null'])(
      'a party that the sandbox does not name gets none: %s',
      async (body) => {
        const { status, answer } = await askForToken({ body })
        expect([status, answer.error, answer.accessToken]).toEqual([404, 'unknown_party', undefined])
      },
    )

    test('what is not JSON, or too long to be a party, is refused unread', async () => {
      expect((await askForToken({ body: 'clientId=smas', type: 'application/x-www-form-urlencoded' })).status).toBe(415)
      expect((await askForToken({ body: '{' })).status).toBe(400)
      expect((await askForToken({ body: JSON.stringify({ clientId: 'x'.repeat(5_000) }) })).status).toBe(413)
    })
  })

  describe('the page', () => {
    test('its policy lets nothing in from elsewhere and no inline script run', async () => {
      const response = await get('/explorer')
      const policy = String(response.headers['content-security-policy'])
      expect(policy).toContain(`default-src 'none'; script-src 'self';`)
      expect(policy).toContain(`connect-src 'self'`)
      expect(policy).toContain(`frame-ancestors 'none'`)
      expect(policy).not.toMatch(/unsafe|\*|https?:/)
      expect(await response.body.text()).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/)
    })

    test('the session tells the parties, and where no key lies', async () => {
      const text = await (await get('/explorer/session')).body.text()
      const session = JSON.parse(text) as ExplorerSession
      expect(session.parties.map(({ clientId }) => clientId)).toEqual(platform.sandbox.parties.map(({ clientId }) => clientId))
      expect(text).not.toMatch(/privateKey|\.pem|sandbox-keys/)
    })

    test.each(['app.js', 'app-0000000000000000.js', '..%2F..%2Fsandbox.json', '..%2Fplugin.ts', 'app.js.map'])(
      'no file but its two assets is given away: %s',
      async (name) => {
        const response = await get(`/explorer/assets/${name}`)
        expect(response.statusCode).toBe(404)
        await response.body.dump()
      },
    )

    test('production has no explorer: whoever wires one in is refused', async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'lienthong-explorer-'))
      await expect(createExplorer({ sandbox: platform.sandbox, dataDir, production: true })).rejects.toThrow(
        'production has no explorer',
      )
      await rm(dataDir, { recursive: true })
    })
  })

  describe('in Chromium', () => {
    let browser: Browser
    const opened: WatchedPage[] = []

    beforeAll(async () => {
      browser = await startBrowser()
    })
    afterAll(() => browser?.close())
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((watched) => watched.close()))
    })

    async function openExplorer(options: Parameters<typeof openPage>[1] = {}): Promise<WatchedPage> {
      const watched = await openPage(browser, options)
      opened.push(watched)
      await watched.page.goto(`${platform.url}/explorer`)
      await watched.page.locator('.graphiql-query-editor .CodeMirror').waitFor()
      await watched.page.getByText(/Mã truy cập còn/).waitFor()
      return watched
    }

    const chooseParty = (page: Page, clientId: string) => page.getByLabel(/Hỏi với tư cách/).selectOption(clientId)

    /** Opens an example and waits until its text and variables stand in the editors. */
    async function openExample(page: Page, id: string): Promise<void> {
      await page.locator(`[data-example="${id}"]`).click()
      await page.locator(`[data-example="${id}"][aria-busy="false"]`).waitFor({ state: 'attached' })
    }

    interface Answer {
      readonly data?: Record<string, unknown> | null
      readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[]
    }

    async function run(page: Page): Promise<Answer> {
      const answered = page.waitForResponse((response) => response.url() === `${platform.url}/graphql`)
      await page.locator('.graphiql-execute-button').click()
      return (await (await answered).json()) as Answer
    }

    test('it opens without a complaint and without a request to anybody else', async () => {
      const { page, complaints, requests } = await openExplorer()
      await page.getByLabel('Open settings dialog').click()
      await page.getByRole('dialog').waitFor()
      await page.keyboard.press('Escape')
      await page.getByLabel('Show Documentation Explorer').click()
      await page.getByText('Root Types').waitFor()
      expect(complaints).toEqual([])
      expect(requests.filter((url) => !url.startsWith(`${platform.url}/`))).toEqual([])
      expect(requests).toContain(`${platform.url}/graphql`)
    })

    test('a developer chooses a party, opens its example and reads the answer, with whose rights', async () => {
      const { page, complaints } = await openExplorer()
      await chooseParty(page, 'can-bo-so')
      await page.locator('.bar').getByText('Cán bộ cơ quan quản lý').waitFor()
      await openExample(page, 'contact-book-report')
      await run(page)
      const answer = page.locator('.result-window')
      await answer.getByText('BÁO CÁO VIỆC TRIỂN KHAI SỔ LIÊN LẠC ĐIỆN TỬ', { exact: false }).waitFor()
      await page.locator('.told').getByText('200').waitFor()
      expect(await page.locator('.told').innerText()).toContain(platform.party('can-bo-so').name)
      await page.locator('.rights summary').click()
      await expect.poll(() => page.locator('.scopes li').allInnerTexts()).toEqual(platform.party('can-bo-so').scopes)
      expect(complaints).toEqual([])
    })

    test('the list follows the party: compliance sees the access log and no class page', async () => {
      const { page } = await openExplorer()
      await chooseParty(page, 'tuan-thu')
      await page.locator('[data-example="who-read-what"]').waitFor()
      expect(await page.locator('[data-example="class-page"]').count()).toBe(0)
    })

    test('every example answers every kind of party it is offered to', async () => {
      const { page, complaints } = await openExplorer()
      const { parties, examples } = (await (await get('/explorer/session')).body.json()) as ExplorerSession
      const kinds = [
        'smas',
        'enetviet',
        'misa-emis',
        'can-bo-so',
        'can-bo-hac-thanh',
        'tuan-thu',
        'hieu-truong.thpt-hac-thanh',
        'giao-vien-1.thcs-hac-thanh',
      ]
      const outcomes: Record<string, string> = {}
      const expected: Record<string, string> = {}
      for (const clientId of kinds) {
        const party = parties.find((candidate) => candidate.clientId === clientId)!
        await chooseParty(page, clientId)
        for (const example of examples.filter((candidate) => isOfferedTo(candidate, party))) {
          await openExample(page, example.id)
          expect(await page.locator('.examples [role="alert"]').allInnerTexts()).toEqual([])
          const { data, errors = [] } = await run(page)
          const key = `${clientId}: ${example.id}`
          outcomes[key] = errors.map(({ extensions }) => extensions?.code).join() || 'answered'
          expected[key] = example.id === 'foreign-school' ? 'SCHOOL_NOT_ACCESSIBLE' : 'answered'
          if (example.id === 'record-scores') {
            const { summary, results } = data!.recordScores as {
              summary: { rejected: number }
              results: { index: number; status: string }[]
            }
            expect([summary.rejected, results.filter(({ status }) => status === 'REJECTED').map(({ index }) => index)]).toEqual([
              1,
              [1],
            ])
          }
        }
      }
      expect(outcomes).toEqual(expected)
      expect(complaints).toEqual([])
    })

    test('a product that runs its registered documents alone is explored all the same, and a header shows what it would meet', async () => {
      const [smas] = await platform.database.sql<{ id: string }>(
        `select application_id as id from access.client where client_id = 'smas'`,
      )
      const setMode = async (mode: string): Promise<void> => {
        await platform.database.sql(
          `insert into access.document_policy (application_id, mode, changed_at) values ($1, $2, now())
           on conflict (application_id) do update set mode = excluded.mode`,
          [smas!.id, mode],
        )
        await platform.database.sql(`select pg_notify('lt_grants', 'smas')`)
      }
      await setMode('ENFORCE')
      const { page, complaints } = await openExplorer()
      await chooseParty(page, 'smas')
      await openExample(page, 'who-am-i')
      expect((await run(page)).errors).toBeUndefined()
      expect(complaints).toEqual([])
      await page.getByRole('button', { name: 'Headers' }).click()
      await page.locator('.graphiql-editor-tool .CodeMirror').last().click()
      await page.keyboard.type('{"X-Document-Mode": "OFF"')
      expect((await run(page)).errors?.[0]?.extensions?.code).toBe('DOCUMENT_NOT_REGISTERED')
      await setMode('OFF')
    })

    test('a text of one’s own stays: an example opens beside it', async () => {
      const { page } = await openExplorer()
      await page.locator('.graphiql-query-editor .CodeMirror').click()
      await page.keyboard.press('Control+a')
      await page.keyboard.type('query Mine { viewer { kind ')
      await page.locator('.graphiql-tab').getByText('Mine').waitFor()
      await openExample(page, 'schools')
      await expect.poll(() => page.locator('.graphiql-tab').allInnerTexts()).toEqual(['Mine', 'Schools'])
    })

    test('a token is kept, renewed before it ends, and written down nowhere', async () => {
      const { page, requests } = await openExplorer()
      const tokens = (): number => requests.filter((url) => url.endsWith('/explorer/token')).length
      await run(page)
      await run(page)
      expect(tokens()).toBe(1)
      // 25 seconds before its end: it would still be taken, but the next question might outlast it.
      await page.evaluate(() => {
        const now = Date.now
        Date.now = () => now() + 275_000
      })
      expect((await run(page)).errors).toBeUndefined()
      expect(tokens()).toBe(2)
      expect(await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])')).not.toContain(
        'eyJ',
      )
    })

    test('a token that the API no longer takes is replaced once, and the question asked again', async () => {
      const { page, requests } = await openExplorer()
      await page.route(`${platform.url}/graphql`, (route) => route.fulfill({ status: 401, json: { errors: [] } }), { times: 1 })
      await page.locator('.graphiql-execute-button').click()
      await page.locator('.result-window').getByText('"SMAS"').waitFor()
      expect(requests.filter((url) => url.endsWith('/explorer/token')).length).toBe(2)
    })

    test('a token that cannot be had is said in both languages', async () => {
      const { page } = await openExplorer()
      await page.route(`${platform.url}/explorer/token`, (route) =>
        route.fulfill({
          status: 503,
          json: { error: 'temporarily_unavailable', message: 'Try again.', messageVi: 'Hãy thử lại.' },
        }),
      )
      await chooseParty(page, 'tuan-thu')
      await page.locator('.token').getByText('Hãy thử lại.').waitFor()
      await page.locator('.token').getByText('Try again.').waitFor()
    })

    test('it fits a phone: nothing is wider than the screen, and an example runs', async () => {
      const { page, complaints } = await openExplorer({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true })
      await page.locator('.examples summary').tap()
      await openExample(page, 'class-page')
      await run(page)
      await page.locator('.result-window').getByText('fullName').first().waitFor()
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
      const [editor, result] = await Promise.all(
        ['.graphiql-editors', '.graphiql-response'].map((name) => page.locator(name).boundingBox()),
      )
      expect(result!.y).toBeGreaterThanOrEqual(editor!.y + editor!.height)
      expect(complaints).toEqual([])
    })

    test('it is dark for those who like it dark', async () => {
      const background = async (colorScheme: 'light' | 'dark'): Promise<string> => {
        const { page } = await openExplorer({ colorScheme })
        return page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
      }
      expect(await background('light')).toBe('rgb(255, 255, 255)')
      expect(await background('dark')).not.toBe('rgb(255, 255, 255)')
    })
  })
})
