// The server's settings: how it listens is ours to say, how it performs may be said otherwise by the caller.
import type { Listening } from './listening.ts'

/** Tuned for a small machine that also runs the platform. */
const DEFAULTS: Readonly<Record<string, string>> = {
  shared_buffers: '128MB',
  max_connections: '100',
  max_wal_size: '512MB',
  // Nothing subscribes to us: one process fewer.
  max_logical_replication_workers: '0',
  random_page_cost: '1.1',
  // Nothing acknowledged is ever lost.
  synchronous_commit: 'on',
  // Requests here are short; compiling a plan costs more than it saves.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '',
  log_checkpoints: 'off',
  // A failing statement quotes the record that made it fail, a pupil's name or number among it. The client is told; the
  // log, which operators copy about, keeps the server's own events only.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

export function serverArguments(listening: Listening, chosen: Readonly<Record<string, string>>): string[] {
  const ours = listening.settings
  for (const name of Object.keys(chosen)) {
    if (!/^[a-z][a-z0-9_.]*$/.test(name)) throw new Error(`Not the name of a PostgreSQL setting: ${name}`)
    if (name in ours || FIXED.has(name)) throw new Error(`The setting ${name} of the embedded PostgreSQL cannot be changed.`)
  }
  return Object.entries({ ...DEFAULTS, ...chosen, ...ours }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

// What decides who gets in, and where our own reading of the server's output and files would go wrong.
// prettier-ignore
const FIXED = new Set([
  'config_file', 'data_directory', 'external_pid_file', 'hba_file', 'ident_file', 'listen_addresses', 'log_destination',
  'logging_collector', 'port', 'unix_socket_directories', 'unix_socket_group', 'unix_socket_permissions',
])
