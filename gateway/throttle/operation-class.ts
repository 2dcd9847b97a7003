// Which budget an operation is paid from, read from its root fields.
import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import type { AccessRules } from '../rules/supergraph-rules.ts'
import type { OperationClass } from './budgets.ts'

export type ClassifyOperation = (document: DocumentNode, operation: OperationDefinitionNode) => OperationClass

/** A field that needs a `report.` scope whichever alternative is taken opens aggregates over many schools. */
export function createOperationClassifier(rules: AccessRules): ClassifyOperation {
  const reports = new Set<string>()
  for (const [coordinate, { anyOf }] of rules) {
    const [type, field] = coordinate.split('.') as [string, string]
    const always = anyOf.length > 0 && anyOf.every((all) => all.some((scope) => scope.startsWith('report.')))
    if (type === 'Query' && always) reports.add(field)
  }
  const known = new WeakMap<OperationDefinitionNode, OperationClass>()

  return (document, operation) => {
    let operationClass = known.get(operation)
    if (!operationClass) known.set(operation, (operationClass = classify(document, operation, reports)))
    return operationClass
  }
}

function classify(document: DocumentNode, operation: OperationDefinitionNode, reports: ReadonlySet<string>): OperationClass {
  if (operation.operation === 'mutation') return 'WRITE'
  const fragments = new Map(
    document.definitions
      .filter((each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION)
      .map((each) => [each.name.value, each]),
  )
  const spread = new Set<string>()

  function asksForReport({ selections }: SelectionSetNode): boolean {
    return selections.some((selection) => {
      if (selection.kind === Kind.FIELD) return reports.has(selection.name.value)
      if (selection.kind === Kind.INLINE_FRAGMENT) return asksForReport(selection.selectionSet)
      const name = selection.name.value
      const fragment = fragments.get(name)
      if (!fragment || spread.has(name)) return false
      spread.add(name)
      return asksForReport(fragment.selectionSet)
    })
  }

  return asksForReport(operation.selectionSet) ? 'REPORT' : 'READ'
}
