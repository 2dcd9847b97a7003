// What the caller has asked for, laid flat: the fields of each object in the order of the answer, and what the contract lets them be.
import {
  isAbstractType,
  isCustomScalarType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isSubtype,
  type CompositeType,
  type FieldSelection,
  type NamedType,
  type ObjectType,
  type Operation,
  type Schema,
  type SelectionSet,
} from '@apollo/federation-internals'
import { compileSkip } from '../conditions.ts'
import type { LeafKind } from './held.ts'
import { NotReady } from './not-ready.ts'
import type { Decided } from './read-selection.ts'

export interface Output {
  readonly type: string
  readonly fields: readonly OutputField[]
}

export interface OutputField {
  /** Response name. */
  readonly name: string
  readonly isTypename: boolean
  readonly isList: boolean
  readonly nullable: boolean
  readonly itemNullable: boolean
  readonly leaf: LeafKind
  /** The names of an enum that callers can see. */
  readonly values: readonly string[] | undefined
  readonly of: Output | undefined
}

export function readOutput(operation: Operation, decided: Decided): Output {
  const schema = operation.schema()
  const root = schema.schemaDefinition.rootType(operation.rootKind)
  if (!root) throw new NotReady('PLAN')
  const defaults = operation.collectDefaultedVariableValues()
  return new OutputReader(schema, { ...defaults, ...decided }).object(root, [operation.selectionSet])
}

interface Collected {
  readonly selection: FieldSelection
  readonly sets: SelectionSet[]
}

class OutputReader {
  readonly #schema: Schema
  readonly #variables: Readonly<Record<string, unknown>>

  constructor(schema: Schema, variables: Readonly<Record<string, unknown>>) {
    this.#schema = schema
    this.#variables = variables
  }

  object(type: ObjectType, sets: readonly SelectionSet[]): Output {
    const collected = new Map<string, Collected>()
    for (const set of sets) this.#collect(type, type, set, collected)
    return { type: type.name, fields: [...collected].map(([name, each]) => this.#field(name, each)) }
  }

  #field(name: string, { selection, sets }: Collected): OutputField {
    const { element } = selection
    // Another field under this name is what reading takes for the object's type.
    if (name === '__typename' && element.name !== name) throw new NotReady('PLAN')
    if (element.name === '__typename')
      return {
        name,
        isTypename: true,
        isList: false,
        nullable: false,
        itemNullable: false,
        leaf: 'STRING',
        values: undefined,
        of: undefined,
      }
    const type = element.definition.type!
    const bare = isNonNullType(type) ? type.ofType : type
    const isList = isListType(bare)
    const item = isList ? bare.ofType : bare
    const named = isNonNullType(item) ? item.ofType : item
    if (isListType(named)) throw new NotReady('NESTED_LIST')
    const field = { name, isTypename: false, isList, nullable: bare === type, itemNullable: named === item }
    if (sets.length === 0) return { ...field, ...this.#leaf(named as NamedType), of: undefined }
    if (isAbstractType(named as NamedType) || !isObjectType(named as NamedType)) throw new NotReady('ABSTRACT')
    return { ...field, leaf: 'ANY', values: undefined, of: this.object(named as ObjectType, sets) }
  }

  #collect(type: ObjectType, parent: CompositeType, set: SelectionSet, into: Map<string, Collected>): void {
    for (const selection of set.selections()) {
      const skip = compileSkip(selection.element, this.#schema)
      if (skip === true || (skip !== false && skip(this.#variables))) continue
      if (selection.kind === 'FragmentSelection') {
        const condition = selection.element.typeCondition as CompositeType | undefined
        const applies = !condition || isSubtype(condition, type)
        // Reading judges by the fragment around it, as stock does, where the object does not say its type.
        if (condition && isSubtype(condition, parent) !== applies) throw new NotReady('ABSTRACT')
        if (applies) this.#collect(type, condition ?? parent, selection.selectionSet, into)
        continue
      }
      const name = selection.element.responseName()
      const known = into.get(name)
      const sets = known?.sets ?? []
      if (selection.selectionSet) sets.push(selection.selectionSet)
      if (!known) into.set(name, { selection, sets })
    }
  }

  /** As shape.ts judges them. */
  #leaf(type: NamedType): Pick<OutputField, 'leaf' | 'values'> {
    const schema = this.#schema
    if (isCustomScalarType(type)) return { leaf: 'ANY', values: undefined }
    if (isEnumType(type)) return { leaf: 'ENUM', values: type.values.map(({ name }) => name) }
    if (type === schema.booleanType()) return { leaf: 'BOOLEAN', values: undefined }
    if (type === schema.intType()) return { leaf: 'INT', values: undefined }
    if (type === schema.floatType()) return { leaf: 'FLOAT', values: undefined }
    if (type === schema.idType()) return { leaf: 'ID', values: undefined }
    if (type === schema.stringType()) return { leaf: 'STRING', values: undefined }
    throw new NotReady('PLAN')
  }
}
