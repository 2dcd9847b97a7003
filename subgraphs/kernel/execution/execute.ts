// Runs a document that was validated before: compiled once for its operation and conditions, by graphql-js where that is not covered.
import {
  execute,
  Kind,
  type DocumentNode,
  type ExecutionResult,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import { NotCovered, type Reason } from './not-covered.ts'
import { compileProgram, SchemaFields, type Program } from './program.ts'
import { isPromise, Run } from './run.ts'
import { conditionVariables } from './selection.ts'
import { InputTypes, type CoerceVariables } from './variables.ts'

/** Called for each operation: with `null` where a program has run it, else with the reason why graphql-js did. */
export type CountExecution = (reason: Reason | null) => void

export interface Asked {
  readonly operationName?: string | null | undefined
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined
  readonly context: unknown
}

export type ExecuteDocument = (asked: Asked) => ExecutionResult | Promise<ExecutionResult>

/** Combinations of conditions of one document that are kept compiled. */
const MOST_VARIANTS = 16
/** A field of a document is seldom shorter, its selections and spaces counted; so what is kept stays in proportion to its text. */
const CHARACTERS_PER_STEP = 4
const STEPS_OF_ANY_DOCUMENT = 50

/** What the documents of one schema share. */
export class Execution {
  readonly #schema: GraphQLSchema
  readonly #count: CountExecution
  readonly #fields: SchemaFields
  readonly #inputs: InputTypes

  constructor(schema: GraphQLSchema, count: CountExecution) {
    this.#schema = schema
    this.#count = count
    this.#fields = new SchemaFields(schema)
    this.#inputs = new InputTypes(schema)
  }

  /** `characters`: the length of the document's text. */
  prepare(document: DocumentNode, characters: number): ExecuteDocument {
    const operations = new Map<string, Operation | null>()
    let left = STEPS_OF_ANY_DOCUMENT + Math.floor(characters / CHARACTERS_PER_STEP)
    const spend = (): void => {
      if (--left < 0) throw new NotCovered('TOO_LARGE')
    }
    return (asked) => {
      // Only names of the document are kept.
      const name = asked.operationName ?? ''
      let operation = operations.get(name)
      if (operation === undefined) {
        const definition = chooseOperation(document, asked.operationName)
        if (definition) operations.set(name, (operation = this.#open(document, definition, spend)))
      }
      if (operation) return this.#run(operation, document, asked)
      return this.#leave('OPERATION', document, asked)
    }
  }

  #open(document: DocumentNode, definition: OperationDefinitionNode, spend: () => void): Operation {
    const fragments: Record<string, FragmentDefinitionNode> = Object.create(null)
    for (const each of document.definitions) if (each.kind === Kind.FRAGMENT_DEFINITION) fragments[each.name.value] = each
    const conditions = conditionVariables(document)
    const variants = new Map<string, Program | Reason>()
    return {
      definition,
      fragments,
      coerce: this.#inputs.compile(definition.variableDefinitions ?? []),
      find: (variables) => {
        const values: Record<string, boolean> = {}
        let key = ''
        for (const condition of conditions) {
          const value = variables[condition]
          // Of another operation of the document; where this one asks for it, compiling says so.
          if (typeof value !== 'boolean') continue
          values[condition] = value
          key += `${condition}:${value} `
        }
        let found = variants.get(key)
        if (!found) {
          if (variants.size >= MOST_VARIANTS) return 'TOO_MANY_CONDITIONS'
          found = compile(() =>
            compileProgram({
              schema: this.#schema,
              fields: this.#fields,
              operation: definition,
              fragments,
              conditions: values,
              spend,
            }),
          )
          variants.set(key, found)
        }
        return found
      },
    }
  }

  #run(operation: Operation, document: DocumentNode, asked: Asked): ExecutionResult | Promise<ExecutionResult> {
    const judged = operation.coerce(asked.variables ?? {})
    if ('errors' in judged) {
      this.#count(null)
      return { errors: judged.errors }
    }
    const program = operation.find(judged.coerced)
    if (typeof program === 'string') return this.#leave(program, document, asked)
    this.#count(null)
    return answer(program, new Run(asked.context, judged.coerced, operation.definition, operation.fragments))
  }

  #leave(reason: Reason, document: DocumentNode, { operationName, variables, context }: Asked) {
    this.#count(reason)
    return execute({
      schema: this.#schema,
      document,
      operationName,
      variableValues: variables ?? {},
      contextValue: context,
    }) as ExecutionResult | Promise<ExecutionResult>
  }
}

interface Operation {
  readonly definition: OperationDefinitionNode
  readonly fragments: Record<string, FragmentDefinitionNode>
  readonly coerce: CoerceVariables
  find(variables: Readonly<Record<string, unknown>>): Program | Reason
}

function compile(make: () => Program): Program | Reason {
  try {
    return make()
  } catch (error) {
    return error instanceof NotCovered ? error.reason : 'FAULT'
  }
}

function chooseOperation(document: DocumentNode, name: string | null | undefined): OperationDefinitionNode | undefined {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  if (name === null || name === undefined) return operations.length === 1 ? operations[0] : undefined
  return operations.findLast((definition) => definition.name?.value === name)
}

function answer(program: Program, run: Run): ExecutionResult | Promise<ExecutionResult> {
  const failed = (error: unknown): ExecutionResult => {
    run.addError(error as GraphQLError, undefined)
    return told(null, run)
  }
  try {
    const data = program(run)
    return isPromise(data) ? data.then((value) => told(value, run), failed) : told(data, run)
  } catch (error) {
    return failed(error)
  }
}

function told(data: unknown, { errors }: Run): ExecutionResult {
  return (errors.length === 0 ? { data } : { errors, data }) as ExecutionResult
}
