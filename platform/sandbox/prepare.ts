// Makes the sandbox ready: the province at the first start, the parties at every start.
import { vietnamDay } from '../../subgraphs/kernel/database.ts'
import { progressBar, silentProgress } from '../progress.ts'
import { isProvinceLoaded, loadProvince } from './load.ts'
import { SANDBOX_SEED } from './seed.ts'
import { registerParties, writeSandboxFile, type Sandbox } from './parties.ts'

export interface SandboxOptions {
  readonly adminUrl: string
  readonly dataDir: string
  /** Seal what the demo people sign in with. */
  readonly accountKeys: readonly string[]
  readonly publicUrl: string
  readonly now: Date
  readonly quiet: boolean
  /** Ends a load that is under way; nothing of it stays. */
  readonly signal?: AbortSignal
}

export async function ensureProvince(
  adminUrl: string,
  now: Date,
  quiet: boolean,
  signal = new AbortController().signal,
): Promise<void> {
  if (await isProvinceLoaded(adminUrl)) return
  // The generator and its data are only read at the first start.
  const { generateProvince } = await import('./province.ts')
  const province = generateProvince({ seed: SANDBOX_SEED, today: now })
  await loadProvince(
    adminUrl,
    province,
    SANDBOX_SEED,
    quiet ? silentProgress : progressBar('Tỉnh mẫu / sandbox province'),
    signal,
  )
}

export async function prepareSandbox({
  adminUrl,
  dataDir,
  accountKeys,
  publicUrl,
  now,
  quiet,
  signal,
}: SandboxOptions): Promise<Sandbox> {
  await ensureProvince(adminUrl, now, quiet, signal)
  const parties = await registerParties({ adminUrl, dataDir, accountKeys, now, today: vietnamDay(now) })
  return writeSandboxFile(dataDir, publicUrl, parties)
}
