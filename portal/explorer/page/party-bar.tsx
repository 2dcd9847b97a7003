// The bar on top: as whom one asks, with which scopes, at which schools, and how long the token lasts.
import { useEffect, useState, type ReactNode } from 'react'
import type { ExplorerParty, ExplorerSession } from '../session.ts'
import type { HeldToken } from './tokens.ts'
import { Both, ROLES, roleWords, schoolsEn, schoolsVi } from './words.tsx'

interface PartyBarProps {
  readonly session: ExplorerSession
  readonly party: ExplorerParty
  readonly token: HeldToken | undefined
  readonly fault: { readonly message: string; readonly messageVi: string } | undefined
  readonly choose: (clientId: string) => void
}

export function PartyBar({ session, party, token, fault, choose }: PartyBarProps): ReactNode {
  const role = roleWords(party.role)
  return (
    <header className="bar">
      <div className="brand">
        <strong>Liên Thông</strong>
        <small>
          <Both vi="Trình khám phá API" en="API explorer" />
        </small>
      </div>
      <label className="chooser">
        <span>
          <Both vi="Hỏi với tư cách" en="Asking as" />
        </span>
        <select value={party.clientId} onChange={(event) => choose(event.target.value)}>
          {Object.entries(ROLES).map(([code, { groupVi, groupEn }]) => {
            const parties = session.parties.filter((candidate) => candidate.role === code)
            return (
              parties.length > 0 && (
                <optgroup key={code} label={`${groupVi} · ${groupEn}`}>
                  {parties.map((candidate) => (
                    <option key={candidate.clientId} value={candidate.clientId}>
                      {candidate.name} ({candidate.clientId}) – {schoolsVi(candidate.schools.length)} ·{' '}
                      {schoolsEn(candidate.schools.length)}
                    </option>
                  ))}
                </optgroup>
              )
            )
          })}
        </select>
      </label>
      <details className="rights" name="rights">
        <summary>
          <span className="role">
            <Both vi={role.vi} en={role.en} />
          </span>
          <span className="counts">
            <Both
              vi={`${schoolsVi(party.schools.length)}, ${party.scopes.length} phạm vi quyền`}
              en={`${schoolsEn(party.schools.length)}, ${party.scopes.length} scopes`}
            />
          </span>
        </summary>
        <Rights party={party} token={token} />
      </details>
      <div className="token" role="status">
        {fault ? (
          <span className="fault">
            <Both vi={fault.messageVi} en={fault.message} />
          </span>
        ) : (
          <TokenLife token={token} />
        )}
      </div>
    </header>
  )
}

function Rights({ party, token }: { readonly party: ExplorerParty; readonly token: HeldToken | undefined }): ReactNode {
  const scopes = token?.scopes ?? party.scopes
  return (
    <div className="panel">
      <h2>
        <Both vi="Phạm vi quyền của mã truy cập" en="Scopes of the token" />
      </h2>
      <ul className="scopes">
        {scopes.map((scope) => (
          <li key={scope}>
            <code>{scope}</code>
          </li>
        ))}
      </ul>
      <h2>
        <Both vi="Trường" en="Schools" />
      </h2>
      <ul className="schools">
        {party.schools.map((school) => {
          const closed = school.scopes.length > 0 ? scopes.filter((scope) => !school.scopes.includes(scope)) : []
          return (
            <li key={school.code}>
              <code>{school.code}</code> {school.name}
              {closed.length > 0 && (
                <small>
                  <Both vi="thỏa thuận không gồm" en="not in the agreement" />: {closed.join(', ')}
                </small>
              )}
            </li>
          )
        })}
      </ul>
      {party.schools.length === 0 && (
        <p>
          <Both vi="Không trường nào: bên này không thấy dữ liệu học sinh." en="None: this party sees no pupil data." />
        </p>
      )}
    </div>
  )
}

function TokenLife({ token }: { readonly token: HeldToken | undefined }): ReactNode {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    setNow(Date.now())
    const clock = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(clock)
  }, [token])
  if (!token) return <Both vi="Đang xin mã truy cập…" en="Getting a token…" />
  const left = Math.max(0, Math.ceil((token.endsAt - now) / 1_000))
  if (left === 0)
    return <Both vi="Mã truy cập đã hết hạn; lần hỏi sau sẽ xin mã mới" en="Token ended; the next question gets a new one" />
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
  return <Both vi={<>Mã truy cập còn {clock}</>} en={<>Token lasts {clock}</>} />
}
