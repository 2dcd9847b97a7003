// Whether an object of a subgraph's answer is of a type of the supergraph, looked up once for each pair of names.
import { isAbstractType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql'

export type TypeTest = (typename: unknown) => boolean

export function createTypeTests(schema: GraphQLSchema): (condition: string) => TypeTest {
  const tests = new Map<string, TypeTest>()

  function compile(condition: string): TypeTest {
    const wanted = schema.getType(condition)
    // Only names of the schema are kept, so that no subgraph can fill the memory with inventions.
    const known = new Map<string, boolean>()
    return (typename) => {
      if (!typename) return false
      if (typename === condition) return true
      const answer = known.get(typename as string)
      if (answer !== undefined) return answer
      const type = schema.getType(typename as string)
      if (!type) return false
      const applies = isAbstractType(wanted) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(wanted, type)
      known.set(type.name, applies)
      return applies
    }
  }

  return (condition) => {
    let test = tests.get(condition)
    if (!test) tests.set(condition, (test = compile(condition)))
    return test
  }
}
