// As whom the page asks now, for every part of it.
import { createContext, useContext } from 'react'
import type { ExplorerParty, ExplorerSession } from '../session.ts'
import type { Ask } from './ask.ts'

export interface Explorer {
  readonly session: ExplorerSession
  readonly party: ExplorerParty
  readonly ask: Ask
}

export const ExplorerContext = createContext<Explorer | null>(null)

export function useExplorer(): Explorer {
  const explorer = useContext(ExplorerContext)
  if (!explorer) throw new Error('outside of the explorer')
  return explorer
}
