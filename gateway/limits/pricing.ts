// The price of an operation's cost tree for one request's variables: each fragment once, however many fields spread it.
import type { CostedField, CostedSet, CostedVariable, PageArgument, Sizing } from './cost-tree.ts'
import { costAt, measureLiteral, measureValue, NO_INPUT } from './input-cost.ts'
import type { InputMeasure } from './input-cost.ts'
import type { Limits } from './limits.ts'
import { refuseBeyond, refuseUnsizedPage } from './refusals.ts'
import type { Refusal } from './refusals.ts'
import { saturate } from './saturation.ts'
import type { Variables } from './variables.ts'

export type CostLimits = Pick<Limits, 'maxListSize' | 'assumedListSize'>

/** What a selection set costs, its sizable lists held apart until the field around it says their size. */
interface Price {
  readonly fixed: number
  readonly lists: ReadonlyMap<string, ListPrice>
}

interface ListPrice {
  readonly each: number
  readonly inputs: number
  /** With the size that the field itself knows. */
  readonly own: number
}

const NO_LISTS: ReadonlyMap<string, ListPrice> = new Map()

interface ListSizeFromAbove {
  readonly size: number
  readonly fields: ReadonlySet<string>
}

export interface PricingContext {
  readonly limits: CostLimits
  readonly variables: Variables
  readonly declared: ReadonlyMap<string, CostedVariable>
  readonly sizable: ReadonlySet<string>
}

export class Pricing {
  refusal: Refusal | undefined
  /** What the inputs cost, each place once. */
  sent = 0
  private readonly context: PricingContext
  private readonly fragments = new Map<CostedSet, Price>()
  private readonly inputs = new Map<string, InputMeasure>()

  constructor(context: PricingContext) {
    this.context = context
  }

  total(set: CostedSet, above: ListSizeFromAbove | undefined): number {
    const { fixed, lists } = this.price(set)
    let total = fixed
    for (const [name, list] of lists) {
      total += above?.fields.has(name) ? above.size * list.each + list.inputs : list.own
    }
    return saturate(total)
  }

  private price(set: CostedSet): Price {
    let fixed = set.fixed
    let lists: Map<string, ListPrice> | undefined
    for (const field of set.fields) {
      const price = this.field(field)
      if (field.isList && this.context.sizable.has(field.name)) addTo((lists ??= new Map()), field.name, price)
      else fixed += price.own
    }
    for (const fragment of set.fragments) {
      const price = this.fragment(fragment)
      fixed += price.fixed
      for (const [name, list] of price.lists) addTo((lists ??= new Map()), name, list)
    }
    return { fixed: saturate(fixed), lists: lists ?? NO_LISTS }
  }

  /** Each once, however many selection sets spread it. */
  private fragment(fragment: CostedSet): Price {
    const known = this.fragments.get(fragment)
    if (known) return known
    const price = this.price(fragment)
    this.fragments.set(fragment, price)
    return price
  }

  private field({ sizing, coordinate, weight, below, inputs, isList }: CostedField): ListPrice {
    const size = sizing && this.size(sizing, coordinate)
    const above = sizing && size !== undefined ? { size, fields: sizing.sizedFields } : undefined
    const each = saturate(weight + (below ? this.total(below, above) : 0))
    let sent = 0
    for (const input of inputs) sent += costAt(input, measureLiteral(input.node, input.kind, this.input))
    this.sent += sent
    const count = isList ? (size ?? this.context.limits.assumedListSize) : 1
    return { each, inputs: saturate(sent), own: saturate(count * each + sent) }
  }

  /** How many records a field says it brings. */
  private size(sizing: Sizing, coordinate: string): number | undefined {
    let asked = 0
    let defaulted = 0
    let largest = sizing.assumedSize
    let slices = false
    for (const page of sizing.pages) {
      const value = this.valueOf(page)
      const size = value === undefined ? page.defaultSize : this.pageSize(value, coordinate, page.name)
      if (size === undefined || !page.slices) continue
      // A page that is asked for, or taken by default, stands before what the contract assumes.
      largest = slices ? Math.max(largest ?? 0, size) : size
      slices = true
      if (value === undefined) defaulted += 1
      else asked += 1
    }
    // Asking for the last ten where the contract would take the first twenty by default is one page, not two.
    const given = asked > 0 ? asked : defaulted
    if (sizing.oneOf.length > 0 && given !== 1) this.refusal ??= refuseUnsizedPage(coordinate, sizing.oneOf, given)
    return largest
  }

  /** What is no number will not survive coercion, unless a lenient scalar reads numbers in strings: then it counts as that number. */
  private pageSize(value: unknown, coordinate: string, argument: string): number | undefined {
    if (value === null) return undefined
    const { maxListSize } = this.context.limits
    const asked = typeof value === 'string' ? Number(value) : value
    if (typeof asked !== 'number' || Number.isNaN(asked)) return maxListSize
    const size = saturate(Math.max(0, Math.trunc(asked)))
    if (size > maxListSize) {
      this.refusal ??= refuseBeyond({
        limit: 'maxListSize',
        allowed: maxListSize,
        asked: size,
        at: `${coordinate}(${argument}:)`,
      })
    }
    return size
  }

  private valueOf({ said }: PageArgument): unknown {
    if (!said || 'value' in said) return said?.value
    const { variables, declared } = this.context
    return Object.hasOwn(variables, said.variable) ? variables[said.variable] : declared.get(said.variable)?.fallback
  }

  /** One walk over a variable, however many arguments it stands in. */
  private readonly input = (name: string): InputMeasure => {
    const known = this.inputs.get(name)
    if (known) return known
    const { variables, declared } = this.context
    const declaration = declared.get(name)
    let measure = declaration?.fallbackMeasure ?? NO_INPUT
    if (declaration?.kind && Object.hasOwn(variables, name)) measure = measureValue(variables[name], declaration.kind)
    this.inputs.set(name, measure)
    return measure
  }
}

function addTo(lists: Map<string, ListPrice>, name: string, list: ListPrice): void {
  const so = lists.get(name)
  if (!so) lists.set(name, list)
  else {
    lists.set(name, {
      each: saturate(so.each + list.each),
      inputs: saturate(so.inputs + list.inputs),
      own: saturate(so.own + list.own),
    })
  }
}
