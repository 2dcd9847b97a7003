// The conversation of the demo, step by step, through the typed client that vendors use.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient, OperationError, type Client } from '../../sdk/client.ts'
import * as sdk from '../../sdk/generated/graphql.ts'
import { createTokenSource } from '../../sdk/token-source.ts'
import type { Sandbox, SandboxParty } from '../sandbox/parties.ts'
import { finalMarksFromFile } from './real-marks.ts'

type Tell = (line?: string) => void

const SUBJECT = 'TOAN'
const TERM = 'HKI'

export function partyOf(sandbox: Sandbox, clientId: string): SandboxParty {
  const party = sandbox.parties.find((candidate) => candidate.clientId === clientId)
  if (!party) throw new Error(`sandbox.json names no party ${clientId}`)
  return party
}

export async function clientFor(sandbox: Sandbox, dataDir: string, clientId: string): Promise<Client> {
  const privateKey = await readFile(join(dataDir, partyOf(sandbox, clientId).privateKeyFile), 'utf8')
  return createClient({
    endpoint: sandbox.graphql,
    token: createTokenSource({ tokenEndpoint: sandbox.tokenEndpoint, issuer: sandbox.issuer, clientId, privateKey }),
  })
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)))
  return rows.map((row) =>
    `    ${row.map((cell, column) => cell + ' '.repeat(widths[column]! - [...cell].length)).join('  ')}`.trimEnd(),
  )
}

const vietnameseDay = (day: string): string => day.split('-').toReversed().join('/')

const KINDS: Readonly<Record<string, string>> = {
  SCHOOL_MANAGEMENT: 'Quản lý nhà trường',
  CONTACT_BOOK: 'Sổ liên lạc điện tử',
  EXAM: 'Quản lý thi',
  PORTAL: 'Cổng thông tin',
  NATIONAL_DATABASE: 'Cơ sở dữ liệu quốc gia',
}

const RECEIPTS: Readonly<Record<string, string>> = {
  CREATED: 'ghi mới',
  UPDATED: 'đã sửa',
  UNCHANGED: 'không đổi',
  REJECTED: 'từ chối',
  CONFLICT: 'xung đột',
}

const OUTCOMES: Readonly<Record<string, string>> = { ALLOWED: 'cho phép', PARTIAL: 'một phần', REFUSED: 'từ chối', FAILED: 'lỗi' }

const decimal = (value: number | null): string => (value === null ? '–' : value.toFixed(1).replace('.', ','))

export async function converse(sandbox: Sandbox, dataDir: string, tell: Tell): Promise<void> {
  let step = 0
  const say = (vi: string, en: string): void => {
    step += 1
    tell()
    tell(`${step}. ${vi}`)
    tell(`   ${en}`)
  }
  const smasParty = partyOf(sandbox, 'smas')
  const smas = await clientFor(sandbox, dataDir, 'smas')

  say(
    'SMAS xin mã truy cập bằng khóa riêng và xem thông tin của chính mình.',
    'SMAS gets a token with its private key and asks who it is.',
  )
  const { viewer } = await smas.get(sdk.WhoAmIDocument, {})
  tell(`    ${viewer.displayName} (${viewer.environment}): ${viewer.scopes.map(({ name }) => name).join(' ')}`)

  say('SMAS đọc một lớp: học sinh và phân công giảng dạy.', 'SMAS reads a class: pupils and teaching assignments.')
  const school = smasParty.schools.find(({ name, scopes }) => name.includes('THPT') && scopes.includes('gradebook.write'))
  if (!school) throw new Error('SMAS has no upper secondary school in this sandbox')
  const classes = await smas.get(sdk.ClassesDocument, { school: { code: school.code }, filter: { grade: 10 } })
  const room = classes.school.classRooms.nodes[0]!
  const page = (await smas.get(sdk.ClassPageDocument, { classRoom: { id: room.id } })).classRoom
  const teaching = page.teachingAssignments.find(({ subject, term }) => subject?.code === SUBJECT && term?.code === TERM)
  const teacher = teaching?.teacher
  if (!teacher) throw new Error(`nobody teaches ${SUBJECT} in ${page.name}`)
  tell(
    `    ${page.school?.name}, lớp ${page.name}: ${page.students.length} học sinh, ${page.teachingAssignments.length} phân công`,
  )
  tell(`    Toán, ${TERM}: ${teacher.fullName} (${teacher.code})`)
  for (const line of table(
    page.students.slice(0, 4).map(({ code, fullName, birthDate }) => [code, fullName, vietnameseDay(birthDate)]),
  ))
    tell(line)
  tell(`    … và ${page.students.length - 4} học sinh nữa`)

  say(
    'SMAS ghi điểm cuối kỳ môn Toán của cả lớp, lấy từ tệp điểm thật; một dòng sai.',
    'SMAS records the final Maths marks of the class from the real file; one row is wrong.',
  )
  const marks = await finalMarksFromFile(page.students.map(({ code }) => code))
  const enteredBy = { code: teacher.code }
  const known = (await smas.get(sdk.ClassMarksDocument, { classRoom: { id: room.id }, term: TERM, subject: SUBJECT })).classRoom
    .students
  // Four regular marks are the least that the regulation asks of a subject with more than 70 periods a year.
  const regular = known.flatMap(({ code, scores }) => {
    const have = new Set(scores.filter(({ kind }) => kind === 'REGULAR').map(({ ordinal }) => ordinal))
    const like = marks.get(code)!
    return [1, 2, 3, 4]
      .filter((ordinal) => !have.has(ordinal))
      .map((ordinal) => ({ student: { code }, kind: 'REGULAR' as const, ordinal, value: like, enteredBy }))
  })
  const final = page.students.map(({ code }) => ({
    student: { code },
    kind: 'FINAL' as const,
    ordinal: 1,
    value: marks.get(code)!,
    enteredBy,
  }))
  const wrong = { ...final[2]!, value: 75 }
  const scores = [...regular, ...final.with(2, wrong)]
  const input = {
    school: { code: school.code },
    schoolYear: '2026-2027',
    classRoom: { id: room.id },
    subject: SUBJECT,
    term: TERM,
    mode: 'PARTIAL' as const,
    scores,
  }
  const { recordScores } = await smas.get(sdk.RecordScoresDocument, { input }, { idempotencyKey: `demo-${Date.now()}` })
  const { summary } = recordScores
  tell(
    `    ${scores.length} dòng: ${summary.created} mới, ${summary.updated} sửa, ${summary.unchanged} không đổi, ${summary.rejected} bị từ chối`,
  )
  for (const { index, errors } of recordScores.results)
    for (const { code, path, messageVi } of errors) tell(`    dòng ${index + 1}, ${path}: ${code} – ${messageVi}`)

  say('SMAS sửa dòng sai và chỉ gửi lại dòng đó.', 'SMAS mends the wrong row and sends that row alone.')
  const again = await smas.get(sdk.RecordScoresDocument, { input: { ...input, scores: [final[2]!] } })
  tell(
    `    ${again.recordScores.summary.created + again.recordScores.summary.unchanged + again.recordScores.summary.updated} dòng đã nhận`,
  )

  say('SMAS đọc điểm trung bình môn học kỳ, tính theo Thông tư 22/2021.', 'SMAS reads the term averages, computed by TT22/2021.')
  const results = (await smas.get(sdk.ClassResultsDocument, { classRoom: { id: room.id }, term: TERM })).classRoom
  const lines = results.students.slice(0, 6).map(({ fullName, subjectResults }) => {
    const maths = subjectResults.find(({ subject }) => subject.code === SUBJECT)
    const waiting = subjectResults.filter(({ average, remark }) => average === null && remark === null).length
    return [fullName, `Toán ${decimal(maths?.average ?? null)}`, `${waiting} môn còn thiếu điểm nên chưa có điểm trung bình`]
  })
  for (const line of table(lines)) tell(line)

  say(
    'SMAS gửi một lô danh sách học sinh: một em có địa chỉ mới, một em không đổi, một em sai ngày sinh; biên nhận từng dòng.',
    'SMAS sends a batch of the roster: one pupil with an address, one as before, one with a birth date that does not exist; a receipt line by line.',
  )
  const roster = await smas.get(sdk.StudentsDocument, {
    school: { code: school.code },
    filter: { classRoomId: room.id },
    first: 3,
  })
  const [moved, same, born] = roster.students.nodes.map(({ code, fullName, sex, birthDate }) => ({
    code,
    fullName,
    sex,
    birthDate,
  }))
  const students = [{ ...moved!, address: 'Số 12, phố Thử Nghiệm' }, same!, { ...born!, birthDate: '2011-02-30' }]
  const { upsertStudents: receipt } = await smas.get(
    sdk.UpsertStudentsDocument,
    { input: { school: { code: school.code }, schoolYear: '2026-2027', mode: 'PARTIAL', students } },
    { idempotencyKey: `demo-roster-${Date.now()}` },
  )
  for (const line of table(
    receipt.results.map(({ index, status, entity, errors: [error] }) => [
      `dòng ${index + 1}`,
      students[index]!.code,
      RECEIPTS[status] ?? status,
      entity ? `phiên bản ${entity.version}` : '–',
      error ? `${error.path}: ${error.code} – ${error.messageVi}` : '',
    ]),
  ))
    tell(line)

  say('SMAS thử đọc một trường không có thỏa thuận.', 'SMAS tries a school that has no agreement with it.')
  const foreign = partyOf(sandbox, 'vnedu').schools.find(({ code }) => !smasParty.schools.some((own) => own.code === code))!
  const refused = await smas.ask(sdk.SchoolDocument, { school: { code: foreign.code } })
  tell(`    ${refused.errors[0]?.extensions?.code}: ${refused.errors[0]?.extensions?.messageVi}`)
  if (refused.errors.length === 0) throw new OperationError(refused)

  say(
    'Cán bộ Sở đọc báo cáo sổ liên lạc điện tử toàn tỉnh.',
    'The officer of the Sở reads the contact-book report of the province.',
  )
  const officer = await clientFor(sandbox, dataDir, 'can-bo-so')
  const { contactBookReport: report } = await officer.get(sdk.ContactBookReportDocument, { month: '2026-11' })
  tell(`    ĐƠN VỊ: ${report.unitName}`)
  tell(`    ${report.title}`)
  const reportRows = report.rows
    .slice(0, 8)
    .map((row) => [
      String(row.ordinal),
      row.schoolName,
      row.levels,
      row.deployed ? 'Có' : 'Chưa',
      row.providerName ?? '–',
      String(row.registeredStudents),
      row.feePerStudentPerMonth === null ? '–' : `${row.feePerStudentPerMonth.toLocaleString('vi-VN')} đ`,
      row.messagesPerSubscriberPerMonth === null ? '–' : String(row.messagesPerSubscriberPerMonth),
      row.usesSmsBrandname === null ? '–' : row.usesSmsBrandname ? 'Có' : 'Không',
    ])
  for (const line of table([
    ['STT', 'Tên trường', 'Cấp học', 'Triển khai', 'Nhà cung cấp', 'Số HS', 'Kinh phí', 'Số tin', 'Brandname'],
    ...reportRows,
  ]))
    tell(line)
  tell(
    `    … tổng cộng ${report.totals.schools} trường, ${report.totals.schoolsDeployed} đã triển khai, ${report.totals.registeredStudents} học sinh`,
  )

  say('Cán bộ Sở xem phần mềm đang dùng.', 'The officer sees which software is in use.')
  const { softwareInUse: software } = await officer.get(sdk.SoftwareInUseDocument, {})
  for (const { kind, schoolsWith, schoolsTotal, percentTenths } of software.adoption)
    tell(`    ${KINDS[kind] ?? kind}: ${schoolsWith}/${schoolsTotal} trường (${decimal(percentTenths / 10)} %)`)

  say('Cán bộ giám sát tuân thủ xem ai đã đọc gì.', 'The compliance officer sees who read what.')
  const compliance = await clientFor(sandbox, dataDir, 'tuan-thu')
  const { auditEvents } = await compliance.get(sdk.WhoReadWhatDocument, { first: 12 })
  const events = auditEvents.nodes.map((event) => [
    event.at.slice(11, 19),
    event.partyName,
    event.operationName ?? '–',
    event.kind === 'WRITE' ? 'ghi' : event.operationKind.toLowerCase() === 'mutation' ? 'gửi' : 'đọc',
    OUTCOMES[event.outcome] ?? event.outcome,
    `${event.schools.length} trường`,
    `${event.studentCount} học sinh`,
    event.errorCodes.join(' '),
  ])
  for (const line of table(events)) tell(line)
  tell()
}
