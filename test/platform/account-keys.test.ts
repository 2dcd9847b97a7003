// A folder of secrets from before people could sign in gets its key for that at the next start, and loses nothing.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ensureSecrets, readIdentitySecrets } from '../../platform/secrets.ts'

test('a folder without a key for what accounts sign in with gets one, once, readable by its owner alone', async () => {
  const dir = join(await mkdtemp(join(tmpdir(), 'lienthong-secrets-')), 'secrets')
  try {
    await ensureSecrets(dir)
    const path = join(dir, 'identity.json')
    const { accountKeys: _taken, ...before } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
    await writeFile(path, JSON.stringify(before))
    await expect(readIdentitySecrets(dir)).rejects.toThrow(/accountKeys/)
    await ensureSecrets(dir)
    const { accountKeys, ...rest } = await readIdentitySecrets(dir)
    expect(rest).toEqual(before)
    expect(accountKeys).toHaveLength(1)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    await ensureSecrets(dir)
    expect((await readIdentitySecrets(dir)).accountKeys).toEqual(accountKeys)
  } finally {
    await rm(join(dir, '..'), { recursive: true, force: true })
  }
})
