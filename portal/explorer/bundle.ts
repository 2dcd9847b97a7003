// The page's script and style: bundled once for each state of their sources, at the first visit, and kept in the data folder.
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Plugin } from 'esbuild'

const PAGE = new URL('./page/', import.meta.url)
/** Pins every package that goes into the bundle. */
const MANIFEST = new URL('../../package.json', import.meta.url)
const SHARED = new URL('./session.ts', import.meta.url)

export const ASSETS = { script: 'app.js', style: 'app.css' } as const
export type Asset = (typeof ASSETS)[keyof typeof ASSETS]

export interface Bundle {
  /** Names the state of the sources, so that a browser may keep an asset forever. */
  readonly hash: string
  read(asset: Asset, compressed: boolean): Promise<Buffer>
}

async function hashSources(): Promise<string> {
  const names = (await readdir(PAGE)).sort()
  const files = [MANIFEST, SHARED, ...names.map((name) => new URL(name, PAGE))]
  const contents = await Promise.all(files.map((file) => readFile(file)))
  const hash = createHash('sha256')
  contents.forEach((content, index) =>
    hash.update(`${files[index]!.pathname.split('/').at(-1)} ${content.length}\n`).update(content),
  )
  return hash.digest('hex').slice(0, 16)
}

/** Of the faces that GraphiQL embeds, 350 kB of them, those that a Vietnamese or English page shows: Latin and Vietnamese Roboto. */
const neededFonts: Plugin = {
  name: 'needed-fonts',
  setup(build) {
    build.onLoad({ filter: /[\\/]graphiql[\\/]dist[\\/]style\.css$/ }, async ({ path }) => {
      const style = await readFile(path, 'utf8')
      const needed = (face: string): boolean => /font-family:\s*Roboto/.test(face) && /unicode-range:\s*U\+0[012]/.test(face)
      return { contents: style.replace(/@font-face\s*\{[^}]*\}/g, (face) => (needed(face) ? face : '')), loader: 'css' }
    })
  },
}

// GraphiQL 5 brings Monaco: 3.5 s to bundle and 7 MB to load, against 1.5 s and 1.6 MB of GraphiQL 4 with CodeMirror,
// which also works with touch and under a policy without inline styles.
async function compile(): Promise<readonly { name: string; contents: Uint8Array }[]> {
  // Of the development's packages: whoever only serves vendors does without, and the platform starts all the same.
  const esbuild = await import('esbuild')
  try {
    const { outputFiles } = await esbuild.build({
      absWorkingDir: fileURLToPath(PAGE),
      entryPoints: { app: 'main.tsx' },
      outdir: 'out',
      write: false,
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      plugins: [neededFonts],
      loader: { '.graphql': 'text', '.woff2': 'dataurl' },
      define: { 'process.env.NODE_ENV': '"production"', __webpack_nonce__: 'globalThis.styleNonce' },
      logLevel: 'silent',
    })
    return outputFiles.map(({ path, contents }) => ({ name: path.split(/[\\/]/).at(-1)!, contents }))
  } finally {
    // Else its service process stays as long as ours.
    await esbuild.stop()
  }
}

async function store(folder: string): Promise<void> {
  const fresh = `${folder}.${process.pid}`
  await mkdir(fresh, { recursive: true })
  for (const { name, contents } of await compile()) {
    await writeFile(join(fresh, name), contents)
    await writeFile(join(fresh, `${name}.gz`), await promisify(gzip)(contents))
  }
  // Complete or not there; a second gateway that made the same one at the same time is as good.
  await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true }))
}

async function dropOthers(cacheDir: string, hash: string): Promise<void> {
  const names = await readdir(cacheDir)
  await Promise.all(
    names
      .filter((name) => /^[0-9a-f]{16}$/.test(name) && name !== hash)
      .map((name) => rm(join(cacheDir, name), { recursive: true, force: true })),
  )
}

export async function createBundle(cacheDir: string): Promise<Bundle> {
  const hash = await hashSources()
  const folder = join(cacheDir, hash)
  let making: Promise<void> | undefined
  const readKept = (asset: Asset, compressed: boolean): Promise<Buffer> =>
    readFile(join(folder, compressed ? `${asset}.gz` : asset))
  return {
    hash,
    async read(asset, compressed) {
      const kept = await readKept(asset, compressed).catch(() => undefined)
      if (kept) return kept
      making ??= store(folder)
        .then(() => dropOthers(cacheDir, hash))
        .finally(() => (making = undefined))
      await making
      return readKept(asset, compressed)
    },
  }
}
