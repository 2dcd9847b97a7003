// What a person reads when the platform stands.
import type { Platform } from './one-process.ts'

export function describeStart(
  { publicUrl, sandbox, database }: Pick<Platform, 'publicUrl' | 'sandbox' | 'database'>,
  dataDir: string,
  seconds: number,
): string[] {
  const lines = [
    '',
    `Liên Thông đã sẵn sàng / is ready (${seconds.toFixed(1)} s)`,
    `  GraphQL     ${publicUrl}/graphql`,
    ...(sandbox ? [`  Explorer    ${publicUrl}/explorer`] : []),
    `  OAuth       ${publicUrl}/.well-known/oauth-authorization-server`,
    `  Health      ${publicUrl}/readyz`,
    `  Database    ${database}`,
    ...(sandbox
      ? [
          `  Sandbox     ${sandbox.parties.length} parties, keys and scopes in ${dataDir}/sandbox.json`,
          '',
          'Thử ngay / try it:  npm run demo      Dừng / stop:  Ctrl-C',
        ]
      : []),
    '',
  ]
  return lines
}
