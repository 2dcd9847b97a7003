// The log: lines of JSON that hold no names, phones, numbers, tokens or variables.
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino'
import { describeFault } from '../../subgraphs/kernel/masking.ts'

// The last line of defence: nobody is meant to log these, and if somebody does, they do not come out.
const SECRETS = [
  'authorization',
  'cookie',
  'token',
  'access_token',
  'client_assertion',
  'client_secret',
  'password',
  'jwks',
  'privateKey',
  'variables',
  'body',
  'data',
  'input',
  'name',
  'fullName',
  'familyName',
  'givenName',
  'displayName',
  'partyName',
  'phone',
  'phoneNumber',
  'email',
  'address',
  'birthDate',
  'personalNumber',
]

const EVERYWHERE = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
// What a fault is called (`TypeError`) is no person's name.
const PATHS = EVERYWHERE.filter((path) => path !== '*.name')

export function createLog({
  level = 'info',
  destination,
}: { readonly level?: string; readonly destination?: DestinationStream } = {}): Logger {
  const options: LoggerOptions = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: PATHS, censor: '[redacted]' },
    // A request or an error handed in whole would bring addresses, headers and quoted values along.
    serializers: { req: () => undefined, res: () => undefined, err: describeFault },
    hooks: {
      // Of an error that stands alone pino takes the message for the line, and messages quote values.
      logMethod(parts, log) {
        const [first, ...rest] = parts as unknown[]
        if (first instanceof Error)
          Reflect.apply(log, this, [{ fault: describeFault(first) }, ...(rest.length > 0 ? rest : ['error'])])
        else Reflect.apply(log, this, parts)
      },
    },
  }
  return destination ? pino(options, destination) : pino(options)
}
