// The whole law of reading, from the papers alone. It knows no table, no policy and no rule of the code.
import type { Agreement, Party, Pupil, Role } from './facts.ts'
import { mayAct, type Act } from './acts.ts'
import type { Subject } from './subjects.ts'

/** Shut: no token opens the door. Scope, act: the operation is refused whole. Absent: as if it were not there. */
export type Verdict = 'SHUT' | 'SCOPE' | 'ACT' | 'ABSENT' | 'SEEN' | 'LET IN'

type Papers = Pick<Agreement, 'proposed' | 'decided' | 'signed' | 'amended'>

const within = (scopes: readonly string[], held: readonly string[]): boolean => scopes.every((scope) => held.includes(scope))

function held({ application, person }: Party): readonly string[] {
  if (!application) return person!.scopes
  const approved = application.approval.scopes
  return person ? approved.filter((scope) => person.scopes.includes(scope)) : approved
}

/** A school opens where agreement and office both open it. */
function opens(party: Party, scopes: Subject['scopes']): boolean {
  const { application, person } = party
  if (!holdsOne(scopes, held(party))) return false
  const terms = application?.agreement.inForce
  if (application && !(terms && scopes.some((all) => within(all, terms.scopes)))) return false
  return person ? person.atSchool : true
}

function opensRoom(party: Party, scopes: Subject['scopes'], { level }: Pupil): boolean {
  const levels = party.application?.agreement.inForce?.levels ?? []
  return opens(party, scopes) && (levels.length === 0 || levels.includes(level))
}

/** A teacher's rights follow the assignments. */
const opensClass = (party: Party, scopes: Subject['scopes'], pupil: Pupil): boolean =>
  opensRoom(party, scopes, pupil) && (party.person?.role !== 'TEACHER' || party.person.ofClass)

const reviews = ({ application, person }: Party): boolean =>
  !application && person?.role === 'COMPLIANCE_OFFICER' && person.scopes.includes('access.review')

/** Papers are shown to the parties who made them, whatever became of them, and to review. */
function showsPapers(party: Party, { exist }: { exist: boolean }): boolean {
  if (!exist) return false
  if (party.application && !party.person) return true
  return party.application ? opens(party, [['identity.read']]) : party.person!.atSchool || reviews(party)
}

function isSeen(subject: Subject, party: Party, pupil: Pupil, papers: Papers): boolean {
  switch (subject.place) {
    case 'anyone':
    case 'province':
      return true
    case 'registered':
      return party.person?.role !== 'DEVELOPER'
    case 'school':
      return opens(party, subject.opens ?? subject.scopes)
    // A product is told of itself, the principal of all.
    case 'keepers':
      return opens(party, [['school.read']]) && (party.application !== null || party.person?.role !== 'TEACHER')
    case 'crowd':
      return (
        opens(party, subject.opens ?? subject.scopes) &&
        !(party.person?.role === 'TEACHER' && party.application?.agreement.inForce?.levels.length)
      )
    case 'room':
      return opensRoom(party, subject.scopes, pupil)
    case 'class':
      return opensClass(party, subject.opens ?? subject.scopes, pupil)
    case 'family':
      return opensClass(party, subject.scopes, pupil) && (!party.application || pupil.consent === 'given')
    case 'papers':
      return showsPapers(party, { exist: papers.proposed })
    case 'signed':
      return showsPapers(party, { exist: papers.signed })
    case 'pending':
      return papers.proposed && !papers.decided && (!party.person || (!party.application && party.person.atSchool))
    case 'former':
      return showsPapers(party, { exist: papers.amended })
    case 'consents':
      return (
        (party.application ? opens(party, subject.opens ?? subject.scopes) : party.person!.atSchool || reviews(party)) &&
        pupil.consent !== 'none'
      )
    case 'office':
      return !party.application && party.person!.atSchool && party.person!.role !== 'TEACHER'
    case 'audit':
      return reviews(party)
    case 'claims':
    case 'report':
      return true
    case 'sandbox':
      return true
  }
}

const OVERSEERS: readonly Role[] = ['AUTHORITY_OFFICER', 'COMPLIANCE_OFFICER']

const isShut = ({ application, person }: Party): boolean =>
  (!application && !person) || (application !== null && !application.approval.usable)
const holdsOne = (scopes: Subject['scopes'], mine: readonly string[]): boolean => scopes.some((all) => within(all, mine))

export function verdictOnAct(act: Act, party: Party): Verdict {
  if (isShut(party)) return 'SHUT'
  if (!holdsOne(act.scopes, held(party))) return 'SCOPE'
  if (!mayAct(act.by, party)) return 'ACT'
  if (act.atSchool && !opens(party, act.scopes)) return act.isWhole && opens(party, [['school.read']]) ? 'SCOPE' : 'ABSENT'
  // At every school of the matrix another product keeps the roster.
  if (act.isWhole && party.application && (!party.person || party.application.agreement.inForce?.levels.length)) return 'ACT'
  return act.ofDepartment && party.person?.role === 'AUTHORITY_OFFICER' && !party.person.ofDepartment ? 'ACT' : 'LET IN'
}

/** What the rows alone let through, whatever the caller claims to hold: approval, agreement, office, assignment, consent. */
export function isOpenInDatabase(subjects: readonly Subject[], party: Party, pupil: Pupil): boolean {
  const none = { proposed: false, decided: false, signed: false, amended: false }
  const mine = held(party)
  return !isShut(party) && subjects.every((each) => holdsOne(each.scopes, mine) && isSeen(each, party, pupil, none))
}

export function verdictOf(path: readonly Subject[], party: Party, pupil: Pupil, papers: Papers): Verdict {
  const { application, person } = party
  if (isShut(party)) return 'SHUT'
  const mine = held(party)
  if (!path.every(({ scopes }) => holdsOne(scopes, mine))) return 'SCOPE'
  if (path.some(({ place }) => place === 'report') && (application || person!.role !== 'AUTHORITY_OFFICER')) return 'ACT'
  if (path.some(({ place }) => place === 'claims') && (application || !OVERSEERS.includes(person!.role))) return 'ACT'
  if (path.some(({ place }) => place === 'sandbox') && (application || person!.role !== 'DEVELOPER')) return 'ACT'
  const at = path.findIndex(({ later }) => later && !holdsOne(later, mine))
  if (at >= 0 && path.slice(0, at).every((subject) => isSeen(subject, party, pupil, papers))) return 'SCOPE'
  return path.every((subject) => isSeen(subject, party, pupil, papers)) ? 'SEEN' : 'ABSENT'
}
