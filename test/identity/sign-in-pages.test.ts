// The sign-in pages in a real browser, and the whole way of a person in both topologies.
import type { Browser } from 'playwright-core'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPage, startBrowser, type WatchedPage } from '../testkit/browser.ts'
import { ask, credentialsOf, discover, exchange, graphql, signInAt } from '../testkit/person.ts'
import { startTestPlatform, TOPOLOGIES, type TestPlatform } from '../testkit/platform.ts'

const PORTAL = 'lien-thong-portal'
const OFFICER = 'can-bo-so'
const TEACHER = 'giao-vien-1.thpt-hac-thanh'
const VIEWER = '{ viewer { kind role } }'

describe.each(TOPOLOGIES)('in %s', (topology) => {
  let platform: TestPlatform
  beforeAll(async () => {
    platform = await startTestPlatform({ topology })
  }, 180_000)
  afterAll(() => platform?.close(), 60_000)

  test('a person signs in at the portal, a teacher at an application that goes on in their name, and both can end it', async () => {
    const own = await signInAt(platform, PORTAL, OFFICER, 'school.read')
    expect((await graphql(platform, own.token, VIEWER)).data).toEqual({ viewer: { kind: 'PERSON', role: 'AUTHORITY_OFFICER' } })
    const { configuration, token } = await signInAt(platform, 'smas', TEACHER, 'school.read gradebook.write')
    const { access_token } = await exchange(configuration, token)
    expect((await graphql(platform, access_token, VIEWER)).data).toEqual({ viewer: { kind: 'APPLICATION', role: 'TEACHER' } })
    await client.tokenRevocation(configuration, access_token)
    await own.surfer.submit(await own.surfer.open(`${platform.sandbox.issuer}/oauth/sign-out`), {})
    for (const ended of [access_token, own.token])
      await expect
        .poll(async () => (await graphql(platform, ended, VIEWER)).codes, { timeout: 1_000, interval: 10 })
        .toEqual(['TOKEN_REVOKED'])
    const addresses = await platform.database.sql('select distinct address from identity.sign_in_event')
    expect(addresses).toEqual([{ address: '127.0.0.1' }])
  })
})

describe('in a browser', () => {
  let platform: TestPlatform
  let browser: Browser
  let portal: client.Configuration
  let application: Server
  let redirect_uri: string

  beforeAll(async () => {
    platform = await startTestPlatform()
    browser = await startBrowser()
    portal = await discover(platform, PORTAL)
    application = createServer((_request, response) => response.end('back at the application'))
    await new Promise<void>((listening) => application.listen(0, '127.0.0.1', listening))
    redirect_uri = `http://127.0.0.1:${(application.address() as AddressInfo).port}/callback`
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    application?.close()
    await platform?.close()
  }, 60_000)

  const onPhone = (script = false): Promise<WatchedPage> =>
    openPage(browser, { viewport: { width: 390, height: 780 }, javaScriptEnabled: script })

  async function fillIn({ page }: WatchedPage, credentials: Record<string, string>): Promise<void> {
    for (const name of ['email', 'password', 'code']) await page.fill(`input[name=${name}]`, credentials[name]!)
    await page.click('button[value=go]')
  }

  const fits = ({ page }: WatchedPage): Promise<boolean> =>
    page
      .locator('html')
      .evaluate((root) => root.scrollWidth <= root.clientWidth)
      .catch(() => false)

  test('a person signs in and allows on a telephone, without a script, and lands at the application with a code that works', async () => {
    const watched = await onPhone()
    const { page } = watched
    const asked = await ask(portal, 'school.read report.read', { redirect_uri })
    await page.goto(asked.url.href)
    expect(await page.textContent('h1')).toContain('Đăng nhập')
    expect(await page.textContent('main')).toContain('Cổng Liên Thông')
    await fillIn(watched, await credentialsOf(platform, OFFICER))
    expect(await page.textContent('h1')).toContain('Cho phép ứng dụng?')
    const listed = await page.textContent('ul')
    expect(listed).toContain('Xem trường, lớp, năm học, môn học')
    expect(listed).toContain('Read schools, classes, school years, subjects')
    await page.click('button[value=allow]')
    await page.waitForURL(`${redirect_uri}?**`)
    const answer = await client.authorizationCodeGrant(portal, new URL(page.url()), {
      pkceCodeVerifier: asked.verifier,
      expectedState: asked.state,
    })
    expect((await graphql(platform, answer.access_token, VIEWER)).data).toEqual({
      viewer: { kind: 'PERSON', role: 'AUTHORITY_OFFICER' },
    })
    expect(watched.complaints).toEqual([])
    await watched.close()
  })

  test('a wrong password says so to eyes and to screen readers, and keeps the address that was typed', async () => {
    const watched = await onPhone()
    await watched.page.goto((await ask(portal, 'school.read', { redirect_uri })).url.href)
    const credentials = await credentialsOf(platform, OFFICER)
    await fillIn(watched, { ...credentials, password: 'not this one at all' })
    expect(await watched.page.textContent('[role=alert]')).toContain('không đúng')
    expect(await watched.page.inputValue('input[name=email]')).toBe(credentials.email)
    expect(await watched.page.inputValue('input[name=password]')).toBe('')
    await watched.close()
  })

  test('whoever refuses, or turns back at the sign-in, is sent back to the application', async () => {
    const watched = await onPhone()
    await watched.page.goto((await ask(portal, 'school.read', { redirect_uri })).url.href)
    await watched.page.click('button[value=cancel]')
    await watched.page.waitForURL(/error=access_denied/)
    await watched.close()
  })

  test('the pages fit a telephone, take no script and nothing from elsewhere, and no other site may frame them', async () => {
    const watched = await onPhone(true)
    const { page, requests, complaints } = watched
    const answer = await page.goto((await ask(portal, '', { redirect_uri })).url.href)
    const policy = answer!.headers()['content-security-policy']
    expect(policy).toContain(`default-src 'none'`)
    expect(policy).toContain(`frame-ancestors 'none'`)
    expect(policy).not.toMatch(/unsafe|script-src/)
    expect(await fits(watched)).toBe(true)
    await page.locator('main').evaluate((main) => {
      const script = main.ownerDocument.createElement('script')
      script.textContent = 'document.title = "taken over"'
      main.append(script)
    })
    expect(await page.title()).toBe('Đăng nhập – Liên Thông')
    expect(complaints.join()).toMatch(/Content Security Policy/)
    await fillIn(watched, await credentialsOf(platform, OFFICER))
    await page.waitForSelector('button[value=allow]')
    expect(await fits(watched)).toBe(true)
    // As tall as a thumb, and readable where it stands.
    for (const button of await page.locator('button').all())
      expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(44)
    expect(requests.every((url) => url.startsWith(platform.sandbox.issuer))).toBe(true)
    await page.goto(`${platform.sandbox.issuer}/oauth/authorize?client_id=nobody`)
    expect(await page.textContent('h1')).toContain('Không thể tiếp tục')
    expect(await fits(watched)).toBe(true)
    await watched.close()
  })
})
