// A file that is read again when it changes: by an editor that writes into it or puts another in its place, or by a tool that does.
import { watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'

/** Writing a file is several events; what is read is what stands there when they have ended. */
const QUIET_MS = 100

/** Follows the folder, since a file that is replaced takes its own watch along. Answers how to stop. */
export function watchFile(path: string, onChange: () => void): () => void {
  const name = basename(path)
  let quiet: NodeJS.Timeout | undefined
  const watcher = watch(dirname(resolve(path)), (_event, changed) => {
    if (changed !== null && changed !== name) return
    clearTimeout(quiet)
    quiet = setTimeout(onChange, QUIET_MS)
  })
  // A folder that is removed ends its watch; the signal still reloads.
  watcher.on('error', () => undefined)
  return () => {
    clearTimeout(quiet)
    watcher.close()
  }
}

/** Its text, or an error that says in one line what is the matter with it. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why: Readonly<Record<string, string>> = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a folder',
      EACCES: 'this user may not read it',
    }
    throw new Error(`${path} cannot be read: ${why[code ?? ''] ?? message}.`, { cause: error })
  }
}
