// Real exam results as levels: what a pupil bound to one row of exam-scores-2021.csv can do in each subject.
import { readFileSync } from 'node:fs'
import type { StudentRow } from './model.ts'

export const EXAM_COLUMNS = [
  'ngoai_ngu',
  'ngu_van',
  'toan',
  'sinh_hoc',
  'hoa_hoc',
  'vat_li',
  'gdcd',
  'dia_li',
  'lich_su',
] as const
export type ExamColumn = (typeof EXAM_COLUMNS)[number]

/** One row as published: a column that was not taken is absent. */
export interface ExamRow {
  stt: number
  published: Partial<Record<ExamColumn, string>>
}

export interface ExamLevel {
  /** Half-up to one decimal, in tenths, 0–100. */
  tenths: number
  /** TAKEN: read from the row's own column(s). BORROWED: the row skipped them, another taken subject stands in. DERIVED: no column exists. */
  source: 'TAKEN' | 'BORROWED' | 'DERIVED'
}

/** THCS teaches the sciences, and history with geography, as one subject each: their level is the mean of the columns taken. */
const COLUMNS_OF: Record<string, readonly ExamColumn[]> = {
  TOAN: ['toan'],
  NGU_VAN: ['ngu_van'],
  NGOAI_NGU_1: ['ngoai_ngu'],
  KHTN: ['vat_li', 'hoa_hoc', 'sinh_hoc'],
  LS_DL: ['lich_su', 'dia_li'],
  GDCD: ['gdcd'],
  GDKT_PL: ['gdcd'],
  VAT_LI: ['vat_li'],
  HOA_HOC: ['hoa_hoc'],
  SINH_HOC: ['sinh_hoc'],
  LICH_SU: ['lich_su'],
  DIA_LI: ['dia_li'],
}

const NATURAL: readonly ExamColumn[] = ['vat_li', 'hoa_hoc', 'sinh_hoc']
const WIDTH = EXAM_COLUMNS.length
const NOT_TAKEN = -1
const placeOf = Object.fromEntries(EXAM_COLUMNS.map((column, place) => [column, place])) as Record<ExamColumn, number>

interface Table {
  lines: string[]
  /** Row by row, in hundredths: 7.75 is 775, without binary fractions. Line 0 is the header. */
  hundredths: Int16Array
}

/** `3`, `4.50`, `7,75` → 300, 450, 775; `-` → not taken. */
function parseHundredths(cell: string): number {
  if (cell === '-') return NOT_TAKEN
  const point = cell.search(/[.,]/)
  return point < 0
    ? Number(cell) * 100
    : Number(cell.slice(0, point)) * 100 +
        Number(
          cell
            .slice(point + 1)
            .padEnd(2, '0')
            .slice(0, 2),
        )
}

let table: Table | undefined

function examTable(): Table {
  if (table) return table
  const lines = readFileSync(new URL('./data/exam-scores-2021.csv', import.meta.url), 'utf8')
    .trim()
    .split(/\r?\n/)
  if (lines[0] !== ['stt', ...EXAM_COLUMNS].join()) throw new Error('exam-scores-2021.csv has other columns than expected')
  const hundredths = new Int16Array(lines.length * WIDTH)
  // Few spellings, many cells: each spelling is parsed once.
  const known = new Map<string, number>()
  for (let stt = 1; stt < lines.length; stt++) {
    const cells = (lines[stt] as string).split(',')
    if (cells.length !== WIDTH + 1 || Number(cells[0]) !== stt)
      throw new Error(`exam-scores-2021.csv: line ${stt} is out of order`)
    for (let place = 0; place < WIDTH; place++) {
      const cell = cells[place + 1] as string
      let value = known.get(cell)
      if (value === undefined) known.set(cell, (value = parseHundredths(cell)))
      hundredths[stt * WIDTH + place] = value
    }
  }
  table = { lines, hundredths }
  return table
}

function taken(stt: number, columns: readonly ExamColumn[]): number[] {
  const { hundredths } = examTable()
  const values: number[] = []
  for (const column of columns) {
    const value = hundredths[stt * WIDTH + placeOf[column]] ?? NOT_TAKEN
    if (value !== NOT_TAKEN) values.push(value)
  }
  return values
}

/** The mean of marks in hundredths, half-up to tenths, in whole numbers throughout. */
function meanTenths(hundredths: readonly number[]): number {
  let sum = 0
  for (const value of hundredths) sum += value
  return Math.floor((2 * sum + 10 * hundredths.length) / (20 * hundredths.length))
}

/** All row numbers, parted by whether the candidate took a natural science. */
export function examRowsByLeaning(): { science: number[]; society: number[] } {
  const parted = { science: [] as number[], society: [] as number[] }
  for (let stt = 1; stt < examTable().lines.length; stt++) {
    parted[taken(stt, NATURAL).length > 0 ? 'science' : 'society'].push(stt)
  }
  return parted
}

/** The published row a pupil is bound to; undefined for a pupil below lower secondary. */
export function examRowOf({ examRow }: Pick<StudentRow, 'examRow'>): ExamRow | undefined {
  const line = examRow === null ? undefined : examTable().lines[examRow]
  if (examRow === null || line === undefined) return undefined
  const cells = line.split(',').slice(1)
  return {
    stt: examRow,
    published: Object.fromEntries(EXAM_COLUMNS.map((column, place) => [column, cells[place]]).filter(([, cell]) => cell !== '-')),
  }
}

/** How well the pupil of that row does in a subject of the 2018 programme; undefined for a pupil without a row. */
export function examLevelOf({ examRow }: Pick<StudentRow, 'examRow'>, subjectCode: string): ExamLevel | undefined {
  if (examRow === null) return undefined
  const columns = COLUMNS_OF[subjectCode]
  if (columns) {
    const own = taken(examRow, columns)
    if (own.length > 0) return { tenths: meanTenths(own), source: 'TAKEN' }
  }
  const all = taken(examRow, EXAM_COLUMNS)
  if (all.length === 0) throw new Error(`row ${examRow} of exam-scores-2021.csv has no result at all`)
  if (columns) {
    // Which subject stands in is a matter of row and subject alone, so that it is the same on every call.
    const shift = examRow + subjectCode.length * 7 + subjectCode.charCodeAt(0)
    return { tenths: meanTenths([all[shift % all.length] as number]), source: 'BORROWED' }
  }
  // Subjects outside the exam (Tin học, Công nghệ, GDQP-AN, the comment subjects) are marked more kindly: half-way to 7.0.
  return { tenths: Math.floor((meanTenths(all) + 70 + 1) / 2), source: 'DERIVED' }
}
