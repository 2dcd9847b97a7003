// Signing in from a terminal: the browser goes to the sign-in pages, the code comes back to this machine, the token is printed.
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Sandbox } from './parties.ts'

const random = (): string => randomBytes(32).toString('base64url')

/** `show` is handed the address that a person opens. RFC 8252: a loopback redirect at a free port, PKCE, no secret. */
export async function signInByBrowser(
  { issuer, authorizationEndpoint, tokenEndpoint, portal }: Sandbox,
  scopes: readonly string[],
  show: (address: string) => void,
): Promise<string> {
  const [state, verifier] = [random(), random()]
  const { promise: answered, resolve } = Promise.withResolvers<URLSearchParams>()
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    // A stranger's page may call this port too: only the answer to this very request counts (RFC 9207 besides).
    const isOurs =
      url.pathname === '/callback' && url.searchParams.get('state') === state && url.searchParams.get('iss') === issuer
    response.writeHead(isOurs ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
    response.end(isOurs ? 'Bạn có thể đóng trang này. You may close this page.\n' : 'Nothing is here.\n')
    if (isOurs) resolve(url.searchParams)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  try {
    const redirect = new URL(portal.redirectUri)
    redirect.port = String((server.address() as AddressInfo).port)
    const address = new URL(authorizationEndpoint)
    address.search = String(
      new URLSearchParams({
        client_id: portal.clientId,
        response_type: 'code',
        redirect_uri: redirect.href,
        scope: scopes.join(' '),
        state,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      }),
    )
    show(address.href)
    const answer = await answered
    const code = answer.get('code')
    if (!code) throw new Error(`${answer.get('error')}: ${answer.get('error_description')}`)
    const response = await fetch(tokenEndpoint, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: portal.clientId,
        code,
        redirect_uri: redirect.href,
        code_verifier: verifier,
      }),
      redirect: 'error',
    })
    const token = (await response.json()) as { access_token?: string; error?: string; error_description?: string }
    if (!token.access_token) throw new Error(`${token.error}: ${token.error_description}`)
    return token.access_token
  } finally {
    server.close()
  }
}
