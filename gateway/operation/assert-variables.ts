// Whether the variables of an operation fit their types, told by the first that does not and in few words.
import {
  coerceInputValue,
  isInputType,
  Kind,
  typeFromAST,
  visit,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type TypeNode,
} from 'graphql'
import { PlatformError } from '../../subgraphs/kernel/errors.ts'
import { fits } from './fits.ts'

/** A fault quotes the value, and a value may be as long as a body. */
const LONGEST_REASON = 300

/**
 * In the place of @apollo/gateway's own check, which tells every fault together with the whole object it stands in: an input
 * object of 3,000 unknown fields (27 KB) was seen to make an answer of 87 MB in 8 s, one of 60,000 would end the process. Of a
 * valid operation.
 */
export function assertVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): void {
  for (const { variable, type, defaultValue } of variableDefinitions) {
    const name = variable.name.value
    if (Object.hasOwn(given, name)) {
      assertFits(schema, name, type, given[name])
      // Its default lets a condition hang on it, and null in the place of the default is met only after subgraphs have read or written.
      if (given[name] === null && defaultValue && isCondition(document, name)) throw misfit([name], NO_NULL)
    } else if (!defaultValue && type.kind === Kind.NON_NULL_TYPE) throw misfit([name], 'A value is required and was not given.')
  }
}

const NO_NULL = 'A condition hangs on it, and null is neither true nor false.'

/** Asked of null alone, which hardly anybody sends. */
function isCondition(document: DocumentNode, name: string): boolean {
  let found = false
  visit(document, {
    Directive: ({ name: { value }, arguments: given }) => {
      if (value !== 'skip' && value !== 'include') return
      found ||= given?.some((each) => each.value.kind === Kind.VARIABLE && each.value.name.value === name) ?? false
    },
  })
  return found
}

function assertFits(schema: GraphQLSchema, name: string, node: TypeNode, value: unknown): void {
  const type = typeFromAST(schema, node)
  if (!isInputType(type) || fits(type)(value)) return
  // The first fault ends the walk. No suggestions: they would teach the contract to somebody who guesses at it.
  coerceInputValue(
    value,
    type,
    (path, _value, { message }) => {
      throw misfit([name, ...path], message)
    },
    true,
  )
}

function misfit(path: readonly (string | number)[], reason: string): PlatformError {
  const place = path.join('.').slice(0, LONGEST_REASON)
  const told = reason.length <= LONGEST_REASON ? reason : `${reason.slice(0, LONGEST_REASON)}…`
  return new PlatformError('BAD_USER_INPUT', {
    message: `Variable "$${place}" does not fit its type. ${told}`,
    messageVi: `Biến "$${place}" không đúng kiểu.`,
    path: path.map((step) => (typeof step === 'string' ? step.slice(0, LONGEST_REASON) : step)),
  })
}
