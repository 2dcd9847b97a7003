// `npm run token -- smas`: prints an access token of a sandbox party and nothing else, ready for curl. `--sign-in`: of whoever signs in.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchToken, TokenError } from '../sdk/token.ts'
import { ConfigurationError, readConfig } from './config.ts'
import { readSandboxFile, type Sandbox } from './sandbox/parties.ts'

/** What a person can mend: told in one line, without a stack. */
class Refused extends Error {}

async function openSandbox(dataDir: string): Promise<Sandbox> {
  try {
    return await readSandboxFile(dataDir)
  } catch {
    throw new Refused(`There is no sandbox in ${dataDir}. Start the platform first: npm start`)
  }
}

/** What the person does not hold is not asked of them. */
async function signIn(sandbox: Sandbox, scopes: readonly string[]): Promise<string> {
  const { SCOPE_NAMES } = await import('../subgraphs/kernel/scopes.ts')
  const { signInByBrowser } = await import('./sandbox/sign-in.ts')
  const show = (address: string): void => void process.stderr.write(`Mở trong trình duyệt / open in a browser:\n${address}\n`)
  return signInByBrowser(sandbox, scopes.length > 0 ? scopes : SCOPE_NAMES, show).catch((error: Error) => {
    throw new Refused(error.message)
  })
}

/** Scopes after the name of the party ask for a token that can do less. */
async function issueToken([clientId, ...scopes]: readonly string[]): Promise<string> {
  const { dataDir } = readConfig(process.env)
  const sandbox = await openSandbox(dataDir)
  const { parties, tokenEndpoint, issuer } = sandbox
  if (clientId === '--sign-in') return signIn(sandbox, scopes)
  const party = parties.find((candidate) => candidate.clientId === clientId)
  if (!party) {
    const known = parties.map((each) => `  ${each.clientId.padEnd(34)}${each.name}`).join('\n')
    throw new Refused(
      `usage: npm run --silent token -- PARTY [SCOPE …]\n       npm run --silent token -- --sign-in [SCOPE …]\n${known}`,
    )
  }
  const privateKey = await readFile(join(dataDir, party.privateKeyFile), 'utf8')
  try {
    const request = { tokenEndpoint, issuer, clientId: party.clientId, privateKey }
    return (await fetchToken(scopes.length > 0 ? { ...request, scope: scopes } : request)).accessToken
  } catch (error) {
    if (error instanceof TokenError) throw new Refused(`${error.error}: ${error.message}`)
    throw new Refused(`The platform does not answer at ${tokenEndpoint}. Start it: npm start`)
  }
}

try {
  process.stdout.write(`${await issueToken(process.argv.slice(2))}\n`)
} catch (error) {
  if (!(error instanceof Refused) && !(error instanceof ConfigurationError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
