// The examples that fit the chosen party; a click opens one in a tab, its variables filled in.
import { useEditorContext } from '@graphiql/react'
import { useRef, useState, type ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { isOfferedTo, type ExplorerExample } from '../session.ts'
import { useExplorer } from './explorer-context.ts'
import { LOOKUP_DOCUMENT, NothingFits, prefill } from './prefill.ts'
import { TokenRefused } from './tokens.ts'
import { Both } from './words.tsx'

/** Below this the list would leave no room for the editor. */
const NARROW = '(max-width: 760px)'

const OPEN_AT_FIRST = !matchMedia(NARROW).matches

interface Fault {
  readonly message: string
  readonly messageVi: string
}

const faultOf = (error: unknown): Fault =>
  error instanceof NothingFits || error instanceof TokenRefused
    ? error
    : { message: 'The platform cannot be reached.', messageVi: 'Không liên lạc được với nền tảng.' }

export function Examples(): ReactNode {
  const { session, party, ask } = useExplorer()
  const { queryEditor, variableEditor, tabs, activeTabIndex, addTab, setOperationName } = useEditorContext({ nonNull: true })
  const list = useRef<HTMLDetailsElement>(null)
  const [opening, setOpening] = useState<string>()
  const [fault, setFault] = useState<Fault>()
  const examples = session.examples.filter((example) => isOfferedTo(example, party))

  /** A tab with text of one's own stays as it is. */
  function takeTab(): void {
    const text = tabs[activeTabIndex]?.query?.trim() ?? ''
    const untouched = text === '' || session.examples.some(({ document }) => document.trim() === text)
    // The editors change while the state is updated, so the new tab must be there before they are written to.
    if (!untouched) flushSync(addTab)
  }

  async function open(example: ExplorerExample): Promise<void> {
    setOpening(example.id)
    setFault(undefined)
    try {
      const lookup = async (operationName: string, variables: unknown) =>
        (await ask(party.clientId, { query: LOOKUP_DOCUMENT, operationName, variables })).answer
      const variables = await prefill(example, party, session, lookup)
      takeTab()
      queryEditor?.setValue(example.document)
      variableEditor?.setValue(JSON.stringify(variables, null, 2))
      // The editor finds it out by itself 100 ms later; who runs the example sooner would ask for the former one.
      setOperationName(example.operationName)
      if (list.current && matchMedia(NARROW).matches) list.current.open = false
    } catch (error) {
      setFault(faultOf(error))
    } finally {
      setOpening(undefined)
    }
  }

  return (
    <details className="examples" ref={list} open={OPEN_AT_FIRST}>
      <summary>
        <Both vi="Ví dụ" en="Examples" />
      </summary>
      <p className="whose">
        <Both vi="Cho" en="for" /> {party.name}
      </p>
      <ol>
        {examples.map((example) => (
          <li key={example.id}>
            <button
              type="button"
              data-example={example.id}
              disabled={opening !== undefined}
              aria-busy={opening === example.id}
              onClick={() => void open(example)}
            >
              <Both vi={example.titleVi} en={example.titleEn} />
              {example.writes && (
                <span className="writes">
                  <Both vi="ghi dữ liệu" en="writes" />
                </span>
              )}
            </button>
          </li>
        ))}
      </ol>
      {fault && (
        <p role="alert" className="fault">
          <Both vi={fault.messageVi} en={fault.message} />
        </p>
      )}
      <p className="hint">
        <Both vi="Chọn ví dụ, rồi bấm ▶ hoặc Ctrl-Enter để chạy." en="Choose one, then ▶ or Ctrl-Enter to run it." />
      </p>
    </details>
  )
}
