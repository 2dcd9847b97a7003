// How the answers of subgraphs grow together into one tree; the same steps as stock, so that odd answers end the same way.

export type Tree = Record<string, unknown>

export function hasOwn(value: unknown, name: string): boolean {
  return Object.prototype.hasOwnProperty.call(value, name)
}

export function getOwn(value: unknown, name: string): unknown {
  return hasOwn(value, name) ? (value as Tree)[name] : undefined
}

/** So that a subgraph that answers `__proto__` writes a property, and not a prototype. */
export function defineOwn(value: object, name: string): void {
  if (!hasOwn(value, name) && name in value)
    Object.defineProperty(value, name, { configurable: true, enumerable: true, value: undefined, writable: true })
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)

export function deepMerge(into: unknown, from: unknown): unknown {
  if (from === undefined || from === null) return into
  const target = into as Tree
  const source = from as Tree
  for (const key of Object.keys(source)) {
    const value = source[key]
    if (value === undefined) continue
    defineOwn(target, key)
    const there = target[key]
    if (there && isObject(value)) deepMerge(there, value)
    else if (Array.isArray(value) && Array.isArray(there) && value.length === there.length) {
      for (let index = 0; index < value.length; index++) {
        if (isObject(there[index]) && isObject(value[index])) deepMerge(there[index], value[index])
        else there[index] = value[index]
      }
    } else target[key] = value
  }
  return target
}

/** A second tree for a second place: merging hands objects over, and two places must not grow into each other. */
export function copyTree(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyTree)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) return value
  const copy: Tree = prototype === null ? Object.create(null) : {}
  for (const key of Object.keys(value)) {
    defineOwn(copy, key)
    copy[key] = copyTree((value as Tree)[key])
  }
  return copy
}
