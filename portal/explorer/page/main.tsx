// The page begins: what the platform tells of the sandbox, then the explorer.
import 'graphiql/style.css'
import './fonts.css'
import './explorer.css'
import { createRoot } from 'react-dom/client'
import type { ExplorerSession } from '../session.ts'
import { App } from './app.tsx'

declare global {
  /** Read by the library that stops scrolling behind a dialog, for its one style element. */
  var styleNonce: string | undefined
}

globalThis.styleNonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce

const place = document.querySelector<HTMLElement>('#explorer')!

try {
  const response = await fetch(`${place.dataset.base}/session`)
  if (!response.ok) throw new Error(String(response.status))
  const session = (await response.json()) as ExplorerSession
  createRoot(place).render(<App session={session} />)
} catch {
  place.textContent = 'Không đọc được hộp cát; hãy tải lại trang. The sandbox could not be read; reload the page.'
}
