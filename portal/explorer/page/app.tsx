// The explorer: the bar that says as whom one asks, and GraphiQL under it.
import { DOC_EXPLORER_PLUGIN, DocExplorerContextProvider } from '@graphiql/plugin-doc-explorer'
import { HISTORY_PLUGIN, HistoryContextProvider } from '@graphiql/plugin-history'
import type { Fetcher } from '@graphiql/toolkit'
import { GraphiQL, GraphiQLInterface, GraphiQLProvider } from 'graphiql'
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import type { ExplorerSession } from '../session.ts'
import { createAsk, type Asked, type Headers } from './ask.ts'
import { Examples } from './examples.tsx'
import { ExplorerContext } from './explorer-context.ts'
import { PartyBar } from './party-bar.tsx'
import { createTokenKeeper, TokenRefused, type HeldToken } from './tokens.ts'
import { Both } from './words.tsx'

const REMEMBERED = 'lienthong:party'
const NEW_TAB = '# Viết truy vấn ở đây; Ctrl-Space để gợi ý.\n# Write an operation here; Ctrl-Space completes.\n'
// One list for good: another one would close the pane that is open.
const PLUGINS = [DOC_EXPLORER_PLUGIN, HISTORY_PLUGIN]
const UNREACHABLE = { message: 'The platform cannot be reached.', messageVi: 'Không liên lạc được với nền tảng.' }

const refusal = (error: unknown) =>
  error instanceof TokenRefused ? { message: error.message, messageVi: error.messageVi } : UNREACHABLE

type Told = Pick<Asked, 'status' | 'milliseconds' | 'requestId'> & { readonly as: string }

export function App({ session }: { readonly session: ExplorerSession }): ReactNode {
  const [clientId, setClientId] = useState(() => localStorage.getItem(REMEMBERED) ?? '')
  const party = session.parties.find((candidate) => candidate.clientId === clientId) ?? session.parties[0]
  const [held, setHeld] = useState<Readonly<Record<string, HeldToken>>>({})
  const [fault, setFault] = useState<{ message: string; messageVi: string }>()
  const [told, setTold] = useState<Told>()

  const { tokens, ask } = useMemo(() => {
    const keeper = createTokenKeeper(session.token, (id, token) => setHeld((others) => ({ ...others, [id]: token })))
    return { tokens: keeper, ask: createAsk(session.graphql, keeper) }
  }, [session])

  // GraphiQL reads the schema anew whenever its fetcher is another function; the contract is the same for every party.
  const current = useRef(party)
  current.current = party
  const fetcher: Fetcher = useCallback(
    async ({ query, operationName, variables }, options) => {
      const asker = current.current
      if (!asker) return { errors: [{ message: 'The sandbox has no parties.' }] }
      try {
        const { answer, ...rest } = await ask(
          asker.clientId,
          { query, operationName, variables },
          options?.headers as Headers | undefined,
        )
        setFault(undefined)
        if (operationName !== 'IntrospectionQuery') setTold({ ...rest, as: asker.name })
        return answer
      } catch (error) {
        const { message, messageVi } = refusal(error)
        setFault({ message, messageVi })
        return { errors: [{ message, extensions: { messageVi } }] }
      }
    },
    [ask],
  ) as Fetcher

  const chosen = party?.clientId
  useEffect(() => {
    if (!chosen) return
    setFault(undefined)
    tokens.get(chosen).catch((error: unknown) => setFault(refusal(error)))
  }, [chosen, tokens])

  const explorer = useMemo(() => (party ? { session, party, ask } : null), [session, party, ask])
  if (!party || !explorer) return <p className="opening">Hộp cát không có bên nào. The sandbox has no parties.</p>

  const choose = (id: string): void => {
    localStorage.setItem(REMEMBERED, id)
    setClientId(id)
  }

  return (
    <ExplorerContext value={explorer}>
      <PartyBar session={session} party={party} token={held[party.clientId]} fault={fault} choose={choose} />
      <GraphiQLProvider
        fetcher={fetcher}
        plugins={PLUGINS}
        referencePlugin={DOC_EXPLORER_PLUGIN}
        defaultQuery={NEW_TAB}
        defaultTabs={[{ query: session.examples[0]?.document ?? NEW_TAB, variables: '{}' }]}
        shouldPersistHeaders={false}
        inputValueDeprecation
        schemaDescription
      >
        <HistoryContextProvider>
          <DocExplorerContextProvider>
            <main className="work">
              <Examples />
              <GraphiQLInterface defaultEditorToolsVisibility="variables" showPersistHeadersSettings={false}>
                <GraphiQL.Logo>
                  <span className="engine">GraphiQL</span>
                </GraphiQL.Logo>
                <GraphiQL.Footer>
                  <Answered told={told} />
                </GraphiQL.Footer>
              </GraphiQLInterface>
            </main>
          </DocExplorerContextProvider>
        </HistoryContextProvider>
      </GraphiQLProvider>
    </ExplorerContext>
  )
}

function Answered({ told }: { readonly told: Told | undefined }): ReactNode {
  return (
    <p className="told" role="status">
      {told ? (
        <>
          <Both vi={`Trả lời cho ${told.as}`} en={`answered to ${told.as}`} />: <b>{told.status}</b> · {told.milliseconds} ms ·{' '}
          <code>{told.requestId}</code>
        </>
      ) : (
        <Both vi="Chưa hỏi gì" en="Nothing asked yet" />
      )}
    </p>
  )
}
