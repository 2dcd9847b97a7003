// The platform's log: JSON lines on standard error, without names, phones, numbers or tokens.
import { pino, type Logger } from 'pino'

/** Where personal data could stand if somebody logged an object whole. What is here is removed before it is written. */
export const REDACTED = [
  'authorization', 'cookie', 'token', 'access_token', 'client_assertion', 'password', 'privateKey', 'variables', 'fullName', 'displayName',
  'phone', 'personalNumber', 'email', 'birthDate', 'body',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.headers.${name}`])

export function createLog(level: string, destination: NodeJS.WritableStream = process.stderr): Logger {
  return pino({ level, redact: { paths: REDACTED, remove: true }, base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, destination)
}
