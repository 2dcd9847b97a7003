// The sandbox province as a whole: one seed, one province, the same on every machine.
import { makeAccounts } from './accounts.ts'
import { makeAuthorities, makeOversights } from './authorities.ts'
import { makeCalendar, makeNextYear } from './calendar.ts'
import { makeContactBook } from './contact-book.ts'
import { makeMarks } from './marks.ts'
import type { SandboxProvince } from './model.ts'
import { Numbers } from './numbers.ts'
import { makePupils } from './pupils.ts'
import { IdMint, Random } from './random.ts'
import { makeClasses, makeSchools } from './schools.ts'
import { makeStaffing } from './staff.ts'
import { makeSubjects } from './subjects.ts'
import { thanhHoa } from './units.ts'
import { makeAgreements, makeVendors } from './vendors.ts'

/**
 * Pure: reads the two data files and nothing else. `today` only trims what lies after it (marks, messages); everything else,
 * ids included, depends on the seed alone.
 */
export function generateProvince({ seed, today }: { seed: string; today: Date }): SandboxProvince {
  const ids = new IdMint(seed)
  const stream = (name: string) => new Random(seed, name)
  const numbers = new Numbers(stream('numbers'))

  const authorities = makeAuthorities(ids)
  const departmentId = authorities[0]?.id ?? ''
  const { year, terms } = makeCalendar(ids, departmentId)
  const { subjects, offerings } = makeSubjects(ids)
  const schools = makeSchools(ids)
  const oversights = makeOversights(ids, schools, authorities)
  const classes = makeClasses(ids, schools, year.id)
  const { staff, homerooms, assignments } = makeStaffing(
    { ids, random: stream('staff'), numbers, offerings, terms },
    schools,
    classes,
  )
  const { students, enrolments, guardians } = makePupils({ ids, random: stream('pupils'), numbers }, schools, classes)
  const { vendors, applications, approvals } = makeVendors(ids, stream('vendors'), departmentId)
  const agreements = makeAgreements(ids, stream('agreements'), applications, approvals, schools, staff)
  const accounts = makeAccounts(ids, stream('accounts'), authorities, schools, staff)
  const marks = makeMarks(ids, stream('marks'), {
    today,
    terms,
    subjects,
    offerings,
    classes,
    students,
    enrolments,
    assignments,
    agreements,
  })
  const book = makeContactBook(ids, stream('contact book'), {
    today,
    schools,
    classes,
    students,
    enrolments,
    guardians,
    applications,
    agreements,
    marks,
  })
  const nextYear = makeNextYear(ids, departmentId)
  const { code, name, nameEn } = thanhHoa().province
  return {
    province: { code, name, nameEn },
    authorities,
    schoolYears: [year, nextYear],
    terms,
    subjects,
    subjectOfferings: offerings,
    schools,
    oversights,
    classes,
    staff,
    homeroomAssignments: homerooms,
    teachingAssignments: assignments,
    students,
    enrolments,
    guardians,
    vendors,
    applications,
    approvals,
    agreements,
    accounts,
    marks,
    brandnames: book.brandnames,
    contactBookPlans: book.plans,
    consents: book.consents,
    subscriptions: book.subscriptions,
    messages: book.messages,
  }
}
