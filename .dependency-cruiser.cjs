// Imports run one way; a subgraph never imports another; the gateway knows no subgraph's inside.
const PURE = '^subgraphs/(gradebook/(assessment|scores)|communications/messaging|schools/roster)/'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'subgraphs-do-not-import-each-other',
      severity: 'error',
      from: { path: '^subgraphs/(?!kernel/)([^/]+)/' },
      to: { path: '^subgraphs/', pathNot: '^subgraphs/($1|kernel)/' },
    },
    {
      name: 'kernel-stands-alone',
      severity: 'error',
      from: { path: '^subgraphs/kernel/' },
      to: { path: '^(gateway|platform|portal|sdk|subgraphs/(?!kernel/))' },
    },
    {
      name: 'subgraphs-know-no-house',
      severity: 'error',
      from: { path: '^subgraphs/' },
      to: { path: '^(gateway|platform|portal|sdk)/' },
    },
    {
      name: 'gateway-knows-the-kernel-only',
      severity: 'error',
      from: { path: '^gateway/' },
      to: { path: '^(platform|portal|sdk|subgraphs/(?!kernel/))' },
    },
    {
      name: 'sdk-stands-alone',
      severity: 'error',
      from: { path: '^sdk/' },
      to: { path: '^(gateway|platform|portal|subgraphs)/' },
    },
    {
      name: 'rules-import-no-framework',
      severity: 'error',
      from: { path: PURE },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'] },
    },
    {
      name: 'resolvers-ask-services',
      severity: 'error',
      from: { path: '^subgraphs/[^/]+/(services|store|permissions)' },
      to: { path: '^subgraphs/[^/]+/schema/resolvers' },
    },
    {
      name: 'store-decides-nothing',
      severity: 'error',
      from: { path: '^subgraphs/[^/]+/store/' },
      to: { path: '^subgraphs/[^/]+/services/' },
    },
    { name: 'everything-is-there', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^sdk/generated' },
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
      mainFields: ['main'],
    },
  },
}
