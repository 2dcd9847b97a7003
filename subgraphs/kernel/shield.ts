// The one door to graphql-shield: loads it through CommonJS, with the Node function it still needs put back.
import { createRequire } from 'node:module'
import type * as Shield from 'graphql-shield'

const require = createRequire(import.meta.url)

// graphql-shield 7 calls `util.isUndefined`, which Node 23 removed; its ES build cannot be loaded next to the CommonJS
// graphql-middleware without two graphql realms meeting.
const util = require('node:util') as { isUndefined?: (value: unknown) => boolean }
util.isUndefined ??= (value) => value === undefined

export const { rule, and, shield } = require('graphql-shield') as typeof Shield
export type { IRules, IRule } from 'graphql-shield'
