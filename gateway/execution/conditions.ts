// `@skip` and `@include`: what is written out is decided once, what hangs on a variable for each operation.
import { Variable, type Schema } from '@apollo/federation-internals'

export type Variables = Readonly<Record<string, unknown>>

/** Whether the selection is left out. */
export type Condition = (variables: Variables) => boolean

interface Applied {
  arguments(): Readonly<Record<string, unknown>>
}

interface Conditional {
  appliedDirectivesOf(definition: ReturnType<Schema['skipDirective']>): readonly Applied[]
}

/** `true`: always left out; `false`: never. */
export function compileSkip(element: Conditional, schema: Schema): Condition | boolean {
  const skip = compileIf(element.appliedDirectivesOf(schema.skipDirective())[0])
  const include = compileIf(element.appliedDirectivesOf(schema.includeDirective())[0])
  if (skip === true) return true
  if (skip === undefined || skip === false) {
    if (include === undefined || include === true) return false
    if (include === false) return true
    return (variables) => !include(variables)
  }
  // In stock's order: a variable that is no boolean is complained of only where it is looked at.
  if (include === undefined || include === true) return skip
  if (include === false) return (variables) => skip(variables) || true
  return (variables) => skip(variables) || !include(variables)
}

function compileIf(directive: Applied | undefined): Condition | boolean | undefined {
  if (!directive) return undefined
  const argument = directive.arguments().if
  if (!(argument instanceof Variable)) return Boolean(argument)
  const { name } = argument
  const [variable, text] = [String(argument), String(directive)]
  return (variables) => {
    const value = variables[name]
    if (typeof value !== 'boolean') throw new Error(`Unexpected value ${value} for variable ${variable} of ${text}`)
    return value
  }
}
