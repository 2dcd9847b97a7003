// Variables as functions: each value is taken as graphql-js would take it, or graphql-js is asked to say what is wrong.
//
// graphql-js builds the place of each value of a batch and an object twice over in case something is wrong with it. Here the way of
// values that fit is compiled; the first that does not sends all of them to graphql-js, whose words and limits are the answer.
import {
  getVariableValues,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  typeFromAST,
  valueFromAST,
  type GraphQLError,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  type VariableDefinitionNode,
} from 'graphql'

type Values = Record<string, unknown>
/** Throws for a value that does not fit, whatever is wrong with it. */
type Coerce = (value: unknown) => unknown

export type CoerceVariables = (
  inputs: Readonly<Values>,
) => { readonly coerced: Values } | { readonly errors: readonly GraphQLError[] }

/** What graphql-js takes where nothing else is said. */
const MOST_ERRORS = 50

class Misfit extends Error {}
const MISFIT = new Misfit('does not fit')
const misfit = (): never => {
  throw MISFIT
}

/** The compiled types of one schema: made once for each, because an input may hold itself. */
export class InputTypes {
  readonly #schema: GraphQLSchema
  readonly #objects = new Map<GraphQLInputObjectType, Coerce>()

  constructor(schema: GraphQLSchema) {
    this.#schema = schema
  }

  compile(definitions: readonly VariableDefinitionNode[]): CoerceVariables {
    const schema = this.#schema
    const steps = definitions.map((definition) => this.#variable(definition))
    return (inputs) => {
      const coerced: Values = {}
      try {
        for (const step of steps) step(inputs, coerced)
        return { coerced }
      } catch {
        const judged = getVariableValues(schema, definitions, inputs, { maxErrors: MOST_ERRORS })
        return judged.errors ? { errors: judged.errors } : { coerced: judged.coerced }
      }
    }
  }

  #variable({ variable, type: typeNode, defaultValue }: VariableDefinitionNode): (inputs: Values, coerced: Values) => void {
    const name = variable.name.value
    const type = typeFromAST(this.#schema, typeNode as never) as GraphQLInputType | undefined
    if (!type || !isInputType(type) || name in Object.prototype) return misfit
    const coerce = this.#type(type)
    const required = isNonNullType(type)
    return (inputs, coerced) => {
      if (Object.hasOwn(inputs, name)) coerced[name] = coerce(inputs[name])
      else if (defaultValue) coerced[name] = valueFromAST(defaultValue, type)
      else if (required) misfit()
    }
  }

  #type(type: GraphQLInputType): Coerce {
    if (isNonNullType(type)) {
      const inner = this.#type(type.ofType)
      return (value) => (value === null || value === undefined ? misfit() : inner(value))
    }
    if (isListType(type)) {
      const inner = this.#type(type.ofType)
      return (value) => {
        if (value === null || value === undefined) return null
        if (Array.isArray(value)) return Array.from(value, (each) => inner(each))
        return typeof value === 'object' && Symbol.iterator in value ? misfit() : [inner(value)]
      }
    }
    if (isInputObjectType(type)) {
      // Looked up when a value comes: by then a type that holds itself is there.
      const made = this.#objects
      if (!made.has(type)) {
        made.set(type, misfit)
        made.set(type, this.#object(type))
      }
      let coerce: Coerce | undefined
      return (value) => (value === null || value === undefined ? null : (coerce ??= made.get(type)!)(value))
    }
    if (isEnumType(type)) return (value) => (value === null || value === undefined ? null : parsed(type.parseValue(value)))
    return (value) => (value === null || value === undefined ? null : parsed(type.parseValue(value)))
  }

  #object(type: GraphQLInputObjectType): Coerce {
    const definitions = type.getFields()
    const fields = Object.values(definitions).map(({ name, type: of, defaultValue }) => ({
      name,
      defaultValue,
      required: isNonNullType(of),
      coerce: this.#type(of),
    }))
    if (type.isOneOf || fields.some(({ name }) => name in Object.prototype)) return misfit
    return (value) => {
      if (typeof value !== 'object' || Array.isArray(value)) return misfit()
      const given = value as Values
      const coerced: Values = {}
      for (const field of fields) {
        const each = given[field.name]
        if (each !== undefined) coerced[field.name] = field.coerce(each)
        else if (field.defaultValue !== undefined) coerced[field.name] = field.defaultValue
        else if (field.required) misfit()
      }
      for (const name of Object.keys(given)) if (!definitions[name]) misfit()
      return coerced
    }
  }
}

const parsed = (value: unknown): unknown => (value === undefined ? misfit() : value)
