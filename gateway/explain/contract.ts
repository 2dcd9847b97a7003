// What the gateway itself adds to the contract, and who may ask for it. Composed into the supergraph beside the subgraphs, under `gateway`.
import { withRules } from '../../subgraphs/kernel/federation.ts'
import { authenticated, fields, type Permissions } from '../../subgraphs/kernel/permissions.ts'

export const GATEWAY = 'gateway'

// What it says is about the caller alone, so every party may ask.
export const permissions: Permissions = {
  Query: fields(authenticated, 'explainAccess'),
  AccessExplanation: fields(
    authenticated,
    'neededScopes',
    'operationName',
    'operationKind',
    'operationClass',
    'allowed',
    'depth',
    'cost',
    'budget',
    'fields',
    'consentsNeeded',
    'typesRestingOnConsent',
    'faults',
  ),
  CostExplanation: fields(authenticated, 'requested', 'maximum'),
  CostBudget: fields(authenticated, 'maximumAvailable', 'currentlyAvailable', 'restoreRate'),
  FieldExplanation: fields(authenticated, 'coordinate', 'requiredScopes'),
  AccessFault: fields(authenticated, 'code', 'message', 'messageVi', 'at'),
}

const SDL = `
type Query {
  """
  What an operation needs of the caller and what it would cost, without running it: scopes, agreements and consents, which are missing, and
  every reason for which it would be refused before it is run (giải thích quyền truy cập). Conditions of an act itself, such as a deadline or
  an assignment, are decided when it runs. It takes nothing from the budget of the operation it explains.
  """
  explainAccess(
    """The document that would be sent as \`query\`; one that is not valid is explained, not refused."""
    document: String!

    """Which of its operations, if there are several."""
    operationName: String

    """The values of its variables: they decide the cost. Left out, the defaults of the document count."""
    variables: JSONObject
  ): AccessExplanation! @cost(weight: 20)
}

"""A JSON object, as the variables of an operation (đối tượng JSON)."""
scalar JSONObject

"""Why an operation would be let through or refused, as far as the caller is concerned (giải thích quyền truy cập)."""
type AccessExplanation @key(fields: "neededScopes", resolvable: false) {
  """The scopes in one text, by which identity goes on."""
  neededScopes: String! @inaccessible

  """Name of the operation; null if it has none, or never became one."""
  operationName: String

  """What kind of operation it is; null if the document never became one."""
  operationKind: OperationKind

  """Which budget it would be paid from; null if the document never became an operation."""
  operationClass: OperationClass

  """Whether it would be run just now, budget aside. Which schools answer, \`schools\` says."""
  allowed: Boolean!

  """Fields inside fields; null if it could not be measured."""
  depth: Int

  """What it would cost."""
  cost: CostExplanation!

  """What the caller may spend on operations of this class just now; null if the document never became an operation."""
  budget: CostBudget

  """The fields it asks for, by schema coordinate."""
  fields: [FieldExplanation!]! @listSize(assumedSize: 30)

  """Whether a part of it answers only where a guardian or pupil has consented (sự đồng ý)."""
  consentsNeeded: Boolean!

  """The types of which records are shown only under consent."""
  typesRestingOnConsent: [String!]! @listSize(assumedSize: 3)

  """Why it would be refused; empty if it would not."""
  faults: [AccessFault!]! @listSize(assumedSize: 3)
}

"""What kind of operation a document holds (loại thao tác)."""
enum OperationKind {
  """Reads (truy vấn)."""
  QUERY

  """Writes (ghi)."""
  MUTATION

  """Refused here: read the change feed."""
  SUBSCRIPTION

  """Asks about the contract alone (nội quan)."""
  INTROSPECTION
}

"""Which budget an operation is paid from (nhóm hạn mức)."""
enum OperationClass {
  """Reading records (đọc dữ liệu)."""
  READ

  """Writing records (ghi dữ liệu)."""
  WRITE

  """Aggregated reports over many schools (báo cáo tổng hợp)."""
  REPORT
}

"""The cost of an operation: one for each object in its answer and each record sent, ten more for a write (chi phí)."""
type CostExplanation {
  """Estimated for these variables; null if it could not be measured."""
  requested: Int

  """Most that one operation may cost."""
  maximum: Int!
}

"""A budget that empties with use and refills steadily (hạn mức)."""
type CostBudget {
  """What it holds when it is full."""
  maximumAvailable: Int!

  """What is left of it just now; below zero, nothing is."""
  currentlyAvailable: Int!

  """What it regains every second."""
  restoreRate: Int!
}

"""One field and what it asks of the caller."""
type FieldExplanation {
  """As \`Student.fullName\`."""
  coordinate: String!

  """Alternatives, of which one must be held whole; empty: any party may read it."""
  requiredScopes: [[String!]!]!
}

"""One reason for which an operation would be refused, in the words of the refusal (lý do từ chối)."""
type AccessFault {
  """Error code, as in \`extensions.code\` of an answer."""
  code: String!

  """In English."""
  message: String!

  """In Vietnamese."""
  messageVi: String!

  """Where: a schema coordinate, a variable or a fragment."""
  at: String
}
`

export const gatewaySdl = withRules(SDL, permissions)
