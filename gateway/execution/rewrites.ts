// The planner's small changes to what goes to a subgraph and comes from it: a field under another name, a type under its interface's.
import type { FetchDataRewrite } from '@apollo/query-planner'
import { defineOwn, getOwn, type Tree } from './merge.ts'
import { NotCovered } from './not-covered.ts'
import type { TypeTest } from './type-tests.ts'

export type Rewrite = (value: unknown) => void

const FRAGMENT = '... on '

export function compileRewrites(
  rewrites: readonly FetchDataRewrite[] | undefined,
  typeTest: (name: string) => TypeTest,
): Rewrite | null {
  if (!rewrites?.length) return null
  const steps = rewrites.map((rewrite) => compileRewrite(rewrite, typeTest))
  return (value) => {
    for (const step of steps) step(value)
  }
}

function compileRewrite(rewrite: FetchDataRewrite, typeTest: (name: string) => TypeTest): Rewrite {
  const name = rewrite.path.at(-1)
  if (name === undefined) return () => undefined
  if (name.startsWith(FRAGMENT)) throw new NotCovered('UNKNOWN')
  return rewrite.path
    .slice(0, -1)
    .reduceRight<Rewrite>((next, element) => into(element, next, typeTest), inEach(change(rewrite, name)))
}

function change(rewrite: FetchDataRewrite, name: string): (value: Tree) => void {
  switch (rewrite.kind) {
    case 'ValueSetter': {
      const { setValueTo } = rewrite
      if (typeof setValueTo === 'object' && setValueTo !== null) throw new NotCovered('UNKNOWN')
      return (value) => {
        defineOwn(value, name)
        value[name] = setValueTo
      }
    }
    case 'KeyRenamer': {
      const { renameKeyTo } = rewrite
      return (value) => {
        const there = getOwn(value, name)
        if (!there) return
        defineOwn(value, renameKeyTo)
        value[renameKeyTo] = there
        // As stock: the key stays, and JSON forgets it.
        value[name] = undefined
      }
    }
    default:
      throw new NotCovered('UNKNOWN')
  }
}

function into(element: string, next: Rewrite, typeTest: (name: string) => TypeTest): Rewrite {
  if (!element.startsWith(FRAGMENT)) return inEach((value) => next(getOwn(value, element)))
  const test = typeTest(element.slice(FRAGMENT.length))
  return inEach((value) => {
    // Without a type name it cannot be told, and the planner means it to be done.
    if (!value.__typename || test(value.__typename)) next(value)
  })
}

function inEach(act: (value: Tree) => void): Rewrite {
  return function each(value) {
    if (Array.isArray(value)) for (const element of value) each(element)
    else if (typeof value === 'object' && value !== null) act(value as Tree)
  }
}
