// What must hold for every pupil: order does not matter, a better mark never hurts, an adjustment never lowers.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TT22_2021, tt22_2021 } from '../../../subgraphs/gradebook/assessment/tt22-2021.ts'
import { TT26_2020, tt26_2020 } from '../../../subgraphs/gradebook/assessment/tt26-2020.ts'
import { TT58_2011, tt58_2011 } from '../../../subgraphs/gradebook/assessment/tt58-2011.ts'
import type {
  KeySubject,
  LearningLevel,
  RemarkMark,
  ScoreComponent,
  ScoreKind,
  SecondaryRegulation,
  SubjectStanding,
} from '../../../subgraphs/gradebook/assessment/types.ts'

const SECONDARY: [string, SecondaryRegulation][] = [
  ['TT58/2011', TT58_2011],
  ['TT26/2020', TT26_2020],
  ['TT22/2021', TT22_2021],
]

const UNADJUSTED: [string, SecondaryRegulation][] = [
  ['TT58/2011', tt58_2011({ adjustment: 'NONE' })],
  ['TT26/2020', tt26_2020({ adjustment: 'NONE' })],
  ['TT22/2021', tt22_2021({ adjustment: 'NONE' })],
]

const KEYS: KeySubject[] = ['MATHEMATICS', 'LITERATURE', 'FOREIGN_LANGUAGE_1']
const WEIGHTS: Partial<Record<ScoreKind, bigint>> = { ONE_PERIOD: 2n, MIDTERM: 2n, FINAL: 3n }

function place(regulation: SecondaryRegulation, level: LearningLevel | null): number {
  return level === null ? -1 : regulation.learningLevels.indexOf(level)
}

// Marks crowd around the thresholds, where the rules turn, as often as they spread over the scale.
const nearThreshold = fc
  .tuple(fc.constantFrom(20, 35, 50, 65, 80, 90), fc.integer({ min: -1, max: 1 }))
  .map(([mark, offset]) => mark + offset)
const aMark = fc.oneof(fc.nat(100), nearThreshold)
const aRemark = fc.oneof({ weight: 5, arbitrary: fc.constant<RemarkMark>('PASSED') }, fc.constant<RemarkMark>('NOT_PASSED'))

const standings = fc
  .tuple(fc.array(aMark, { minLength: 6, maxLength: 12 }), fc.array(aRemark, { maxLength: 4 }))
  .map(([scores, remarks]): SubjectStanding[] => [
    ...scores.map((value, index): SubjectStanding => ({ subject: `s${index}`, assessedBy: 'SCORE', value, key: KEYS[index] })),
    ...remarks.map((value, index): SubjectStanding => ({ subject: `r${index}`, assessedBy: 'REMARK', value })),
  ])

// A pupil who is good throughout but for at most two subjects: where the adjustment is at stake.
const nearlyGood = fc
  .tuple(
    fc.array(fc.integer({ min: 64, max: 100 }), { minLength: 6, maxLength: 9 }),
    fc.array(aMark, { maxLength: 2 }),
    fc.array(aRemark, { maxLength: 3 }),
  )
  .map(([good, weak, remarks]): SubjectStanding[] => [
    ...[...good, ...weak].map((value, index): SubjectStanding => ({
      subject: `s${index}`,
      assessedBy: 'SCORE',
      value,
      key: KEYS[index],
    })),
    ...remarks.map((value, index): SubjectStanding => ({ subject: `r${index}`, assessedBy: 'REMARK', value })),
  ])

const pupils = fc.oneof(standings, nearlyGood)

function page(regulation: SecondaryRegulation): fc.Arbitrary<ScoreComponent[]> {
  const several = (kind: ScoreKind, minLength: number, maxLength: number): fc.Arbitrary<ScoreComponent[]> =>
    fc.array(aMark, { minLength, maxLength }).map((values) => values.map((value) => ({ kind, value })))
  const middle = regulation.scoreKinds.includes('ONE_PERIOD') ? several('ONE_PERIOD', 1, 4) : several('MIDTERM', 1, 1)
  return fc.tuple(several('REGULAR', 4, 7), middle, several('FINAL', 1, 1)).map((parts) => parts.flat())
}

const plan = { assessedBy: 'SCORE', periodsPerYear: 140 } as const

describe.each(SECONDARY)('%s, any page of marks', (_, regulation) => {
  test('the term average is the exact weighted mean, halves up, between the lowest and the highest mark', () => {
    fc.assert(
      fc.property(page(regulation), (components) => {
        let sum = 0n
        let weights = 0n
        for (const { kind, value } of components) {
          const weight = WEIGHTS[kind] ?? 1n
          sum += weight * BigInt(value)
          weights += weight
        }
        const expected = Number((2n * sum + weights) / (2n * weights))
        const values = components.map(({ value }) => Number(value))
        expect(regulation.termResult(plan, components).value).toBe(expected)
        expect(expected).toBeGreaterThanOrEqual(Math.min(...values))
        expect(expected).toBeLessThanOrEqual(Math.max(...values))
      }),
    )
  })

  test('the order in which marks were entered does not matter', () => {
    const shuffled = page(regulation).chain((marks) =>
      fc.tuple(fc.constant(marks), fc.shuffledSubarray(marks, { minLength: marks.length })),
    )
    fc.assert(
      fc.property(shuffled, ([marks, reordered]) => {
        expect(regulation.termResult(plan, reordered)).toEqual(regulation.termResult(plan, marks))
      }),
    )
  })

  test('without any one of its final or mid-term parts there is no average', () => {
    fc.assert(
      fc.property(page(regulation), (components) => {
        for (const kind of ['FINAL', 'MIDTERM', 'ONE_PERIOD', 'REGULAR'] as const) {
          const kept = components.filter((component) => component.kind !== kind)
          if (kept.length < components.length) expect(regulation.termResult(plan, kept).value).toBeNull()
        }
      }),
    )
  })

  test('the year average lies between its terms', () => {
    fc.assert(
      fc.property(aMark, aMark, (term1, term2) => {
        const { value } = regulation.yearResult('SCORE', term1, term2)
        expect(value).toBeGreaterThanOrEqual(Math.min(term1, term2))
        expect(value).toBeLessThanOrEqual(Math.max(term1, term2))
      }),
    )
  })
})

describe.each(SECONDARY)('%s, any pupil', (_, regulation) => {
  test('the order of subjects does not change the level', () => {
    const shuffled = pupils.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })))
    fc.assert(
      fc.property(shuffled, ([list, reordered]) => {
        const [one, other] = [regulation.learningLevel(list), regulation.learningLevel(reordered)]
        expect([other.level, other.unadjusted, other.overallAverage]).toEqual([one.level, one.unadjusted, one.overallAverage])
      }),
    )
  })

  test('an adjustment raises, is explained by its article, and is the only difference from the unadjusted level', () => {
    const adjusted = { seen: 0 }
    fc.assert(
      fc.property(pupils, (list) => {
        const result = regulation.learningLevel(list)
        const gain = place(regulation, result.level) - place(regulation, result.unadjusted)
        expect(gain).toBeGreaterThanOrEqual(0)
        expect(gain).toBeLessThanOrEqual(1)
        expect(result.reasons.map(({ code }) => code)).toEqual(gain > 0 ? ['SINGLE_SUBJECT_ADJUSTMENT'] : [])
        adjusted.seen += gain
      }),
      { numRuns: 1000 },
    )
    // The generator is worth nothing if it never meets the rule.
    expect(adjusted.seen).toBeGreaterThan(0)
  })
})

describe.each(UNADJUSTED)('%s without adjustment, any pupil', (_, regulation) => {
  test('raising a mark never lowers the level', () => {
    const raised = fc.tuple(pupils, fc.nat(), fc.integer({ min: 1, max: 100 }))
    fc.assert(
      fc.property(raised, ([list, pick, gain]) => {
        const chosen = pick % list.length
        const better = list.map((standing, index): SubjectStanding => {
          if (index !== chosen) return standing
          return { ...standing, value: typeof standing.value === 'number' ? Math.min(100, standing.value + gain) : 'PASSED' }
        })
        const before = place(regulation, regulation.learningLevel(list).level)
        expect(place(regulation, regulation.learningLevel(better).level)).toBeGreaterThanOrEqual(before)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('TT22/2021 with its adjustment, any pupil', () => {
  test('raising a mark never lowers the level either', () => {
    fc.assert(
      fc.property(pupils, fc.nat(), fc.integer({ min: 1, max: 100 }), (list, pick, gain) => {
        const chosen = pick % list.length
        const better = list.map((standing, index): SubjectStanding => {
          if (index !== chosen) return standing
          return { ...standing, value: typeof standing.value === 'number' ? Math.min(100, standing.value + gain) : 'PASSED' }
        })
        const before = place(TT22_2021, TT22_2021.learningLevel(list).level)
        expect(place(TT22_2021, TT22_2021.learningLevel(better).level)).toBeGreaterThanOrEqual(before)
      }),
      { numRuns: 1000 },
    )
  })
})
