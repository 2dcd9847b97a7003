// What one operation carries through its fetches: for whom, until when, and what it has touched.
import type { Viewer } from '../../subgraphs/kernel/viewer.ts'
import type { TouchedRecords } from '../transport/transport.ts'
import type { OperationNeeds } from '../rules/operation-needs.ts'

export class OperationContext {
  readonly viewer: Viewer
  readonly signal: AbortSignal
  readonly schools = new Set<string>()
  readonly students = new Set<string>()
  /** What the operation asks for; known once its document is valid. */
  needs: OperationNeeds | undefined

  constructor(viewer: Viewer, signal: AbortSignal) {
    this.viewer = viewer
    this.signal = signal
  }

  touch(touched: TouchedRecords | undefined): void {
    for (const school of touched?.schools ?? []) this.schools.add(school)
    for (const student of touched?.students ?? []) this.students.add(student)
  }
}
