// Why an operation was refused: a closed set of codes, each said in English and Vietnamese with the bound, the asking and the way out.
import type { SourceLocation } from 'graphql'
import type { ErrorCode } from '../../subgraphs/kernel/errors.ts'
import type { Limits } from './limits.ts'
import { SATURATED } from './saturation.ts'

export const REFUSAL_CODES = [
  'GRAPHQL_PARSE_FAILED',
  'DOCUMENT_TOO_LARGE',
  'OPERATION_NOT_FOUND',
  'TOO_MANY_OPERATIONS',
  'TOO_MANY_FRAGMENTS',
  'TOO_MANY_DIRECTIVES',
  'FRAGMENT_CYCLE',
  'QUERY_TOO_DEEP',
  'INTROSPECTION_TOO_DEEP',
  'TOO_MANY_ROOT_FIELDS',
  'TOO_MANY_ALIASES',
  'TOO_MANY_FIELDS',
  'LIST_TOO_LONG',
  'PAGE_SIZE_REQUIRED',
  'VARIABLES_TOO_DEEP',
  'QUERY_TOO_COSTLY',
] as const satisfies readonly ErrorCode[]

export type RefusalCode = (typeof REFUSAL_CODES)[number]

export interface Refusal {
  readonly code: RefusalCode
  readonly message: string
  readonly messageVi: string
  readonly locations?: readonly SourceLocation[]
  /** Ready to be the `extensions` of a GraphQL error. */
  readonly extensions: {
    readonly code: RefusalCode
    readonly messageVi: string
    readonly limit?: keyof Limits
    readonly allowed?: number
    readonly asked?: number
    /** Where: a schema coordinate, a variable or a fragment. */
    readonly at?: string
  }
}

interface Bound {
  readonly limit: keyof Limits
  readonly allowed: number
  readonly asked: number
  readonly at?: string
}

interface Wording {
  readonly code: RefusalCode
  readonly en: (asked: string, allowed: string, at: string) => string
  readonly vi: (asked: string, allowed: string, at: string) => string
}

type MeasuredLimit = Exclude<keyof Limits, 'assumedListSize'>

const WORDINGS: Record<MeasuredLimit, Wording> = {
  maxDocumentLength: {
    code: 'DOCUMENT_TOO_LARGE',
    en: (asked, allowed) =>
      `The document has ${asked} characters; at most ${allowed} are allowed. Send values as variables and leave comments out.`,
    vi: (asked, allowed) =>
      `Tài liệu truy vấn dài ${asked} ký tự; tối đa ${allowed} ký tự. Hãy gửi giá trị qua biến và bỏ chú thích.`,
  },
  maxTokens: {
    code: 'DOCUMENT_TOO_LARGE',
    en: (_, allowed) =>
      `The document has more than ${allowed} tokens. Send values as variables, or split the work into several operations.`,
    vi: (_, allowed) => `Tài liệu truy vấn có hơn ${allowed} từ tố. Hãy gửi giá trị qua biến hoặc chia thành nhiều truy vấn.`,
  },
  maxNesting: {
    code: 'QUERY_TOO_DEEP',
    en: (_, allowed) =>
      `The document opens more than ${allowed} brackets inside one another. Ask for fewer levels at once and send values as variables.`,
    vi: (_, allowed) =>
      `Tài liệu truy vấn mở hơn ${allowed} dấu ngoặc lồng nhau. Hãy hỏi ít tầng hơn mỗi lần và gửi giá trị qua biến.`,
  },
  maxOperations: {
    code: 'TOO_MANY_OPERATIONS',
    en: (asked, allowed) =>
      `The document holds ${asked} operations; at most ${allowed} are allowed. Send only the operation that should run.`,
    vi: (asked, allowed) => `Tài liệu chứa ${asked} thao tác; tối đa ${allowed} thao tác. Chỉ gửi thao tác cần chạy.`,
  },
  maxFragments: {
    code: 'TOO_MANY_FRAGMENTS',
    en: (asked, allowed) =>
      `The document defines ${asked} fragments; at most ${allowed} are allowed. Send only the fragments that the operation uses.`,
    vi: (asked, allowed) =>
      `Tài liệu định nghĩa ${asked} fragment; tối đa ${allowed} fragment. Chỉ gửi những fragment mà thao tác dùng đến.`,
  },
  maxFragmentSpreads: {
    code: 'TOO_MANY_FRAGMENTS',
    en: (asked, allowed) =>
      `The document spreads fragments in ${asked} places; at most ${allowed} are allowed. Write the fields out where a fragment adds nothing.`,
    vi: (asked, allowed) =>
      `Tài liệu chèn fragment ở ${asked} chỗ; tối đa ${allowed} chỗ. Hãy viết thẳng các trường ở nơi không cần fragment.`,
  },
  maxDirectives: {
    code: 'TOO_MANY_DIRECTIVES',
    en: (asked, allowed) =>
      `The document uses ${asked} directives; at most ${allowed} are allowed. Put @skip or @include on a fragment rather than on each field.`,
    vi: (asked, allowed) =>
      `Tài liệu dùng ${asked} chỉ thị; tối đa ${allowed} chỉ thị. Hãy đặt @skip hoặc @include trên fragment thay vì trên từng trường.`,
  },
  maxDepth: {
    code: 'QUERY_TOO_DEEP',
    en: (asked, allowed) =>
      `The operation is ${asked} levels deep; at most ${allowed} are allowed. Fetch the deeper records by their ids in a second operation.`,
    vi: (asked, allowed) =>
      `Truy vấn sâu ${asked} tầng; tối đa ${allowed} tầng. Hãy lấy các bản ghi ở tầng sâu hơn theo mã định danh trong một truy vấn thứ hai.`,
  },
  maxIntrospectionDepth: {
    code: 'INTROSPECTION_TOO_DEEP',
    en: (asked, allowed) =>
      `The introspection is ${asked} levels deep; at most ${allowed} are allowed. Use the standard introspection query or the published schema file.`,
    vi: (asked, allowed) =>
      `Truy vấn nội quan (introspection) sâu ${asked} tầng; tối đa ${allowed} tầng. Hãy dùng truy vấn nội quan chuẩn hoặc tệp lược đồ đã công bố.`,
  },
  maxIntrospectionLists: {
    code: 'INTROSPECTION_TOO_DEEP',
    en: (asked, allowed) =>
      `The introspection nests ${asked} lists of fields or types; at most ${allowed} are allowed. Use the standard introspection query or the published schema file.`,
    vi: (asked, allowed) =>
      `Truy vấn nội quan (introspection) lồng ${asked} danh sách trường hoặc kiểu; tối đa ${allowed} danh sách. Hãy dùng truy vấn nội quan chuẩn hoặc tệp lược đồ đã công bố.`,
  },
  maxIntrospectionFields: {
    code: 'TOO_MANY_FIELDS',
    en: (asked, allowed) =>
      `The introspection selects ${asked} fields once its fragments are expanded; at most ${allowed} are allowed. Ask for the schema once, not under several names.`,
    vi: (asked, allowed) =>
      `Truy vấn nội quan (introspection) chọn ${asked} trường sau khi khai triển fragment; tối đa ${allowed} trường. Hãy hỏi lược đồ một lần, không lặp lại dưới nhiều tên.`,
  },
  maxRootFields: {
    code: 'TOO_MANY_ROOT_FIELDS',
    en: (asked, allowed) =>
      `The operation has ${asked} root fields; at most ${allowed} are allowed. Use a list argument or a batch mutation, or send several requests.`,
    vi: (asked, allowed) =>
      `Thao tác có ${asked} trường gốc; tối đa ${allowed} trường. Hãy dùng tham số dạng danh sách, thao tác ghi theo lô, hoặc gửi nhiều yêu cầu.`,
  },
  maxAliases: {
    code: 'TOO_MANY_ALIASES',
    en: (asked, allowed) =>
      `The operation uses ${asked} aliases once its fragments are expanded; at most ${allowed} are allowed. Ask for a list with a filter instead of one alias a record.`,
    vi: (asked, allowed) =>
      `Thao tác dùng ${asked} bí danh sau khi khai triển fragment; tối đa ${allowed} bí danh. Hãy hỏi một danh sách có điều kiện lọc thay vì mỗi bản ghi một bí danh.`,
  },
  maxExpandedSelections: {
    code: 'TOO_MANY_FIELDS',
    en: (asked, allowed) =>
      `The document selects ${asked} fields once its fragments are expanded; at most ${allowed} are allowed. Select only the fields you use.`,
    vi: (asked, allowed) =>
      `Tài liệu chọn ${asked} trường sau khi khai triển fragment; tối đa ${allowed} trường. Chỉ chọn những trường cần dùng.`,
  },
  maxFieldPairs: {
    code: 'TOO_MANY_FIELDS',
    en: (asked, allowed) =>
      `The document repeats fields under the same name: ${asked} pairs would have to be compared; at most ${allowed} are allowed. Select each field once in each place.`,
    vi: (asked, allowed) =>
      `Tài liệu lặp lại trường dưới cùng một tên: phải so sánh ${asked} cặp; tối đa ${allowed} cặp. Mỗi trường chỉ chọn một lần ở mỗi chỗ.`,
  },
  maxListSize: {
    code: 'LIST_TOO_LONG',
    en: (asked, allowed, at) =>
      `${at} asks for or holds ${asked} entries; at most ${allowed} are allowed. Page through the list with a cursor, or send several batches.`,
    vi: (asked, allowed, at) =>
      `${at} yêu cầu hoặc chứa ${asked} phần tử; tối đa ${allowed} phần tử. Hãy đọc từng trang bằng con trỏ hoặc chia thành nhiều lô.`,
  },
  maxVariablesDepth: {
    code: 'VARIABLES_TOO_DEEP',
    en: (_, allowed, at) =>
      `${at} nests lists and objects more than ${allowed} levels deep. Send the value in the shape of its input type.`,
    vi: (_, allowed, at) =>
      `${at} lồng danh sách và đối tượng sâu hơn ${allowed} tầng. Hãy gửi giá trị đúng dạng của kiểu đầu vào.`,
  },
  maxCost: {
    code: 'QUERY_TOO_COSTLY',
    en: (asked, allowed) =>
      `The operation is estimated to cost ${asked}; at most ${allowed} is allowed. Ask for smaller pages or fewer nested lists.`,
    vi: (asked, allowed) =>
      `Chi phí ước tính của thao tác là ${asked}; tối đa ${allowed}. Hãy hỏi trang nhỏ hơn hoặc bớt danh sách lồng nhau.`,
  },
}

const english = new Intl.NumberFormat('en-US')
const vietnamese = new Intl.NumberFormat('vi-VN')

/** A refusal for a bound that was passed. */
export function refuseBeyond({ limit, allowed, asked, at }: Bound & { readonly limit: MeasuredLimit }): Refusal {
  const wording = WORDINGS[limit]
  const where = at === undefined ? undefined : shortened(at)
  const beyondCounting = asked >= SATURATED
  return refusal(
    wording.code,
    wording.en(`${beyondCounting ? 'more than ' : ''}${english.format(asked)}`, english.format(allowed), where ?? 'The list'),
    wording.vi(`${beyondCounting ? 'hơn ' : ''}${vietnamese.format(asked)}`, vietnamese.format(allowed), where ?? 'Danh sách'),
    { limit, allowed, asked, ...(where === undefined ? {} : { at: where }) },
  )
}

export function refuseSyntax(detail: string, locations: readonly SourceLocation[] | undefined): Refusal {
  const at = locations?.[0]
  const said = shortened(detail.replace(/^Syntax Error: /, ''), 160)
  return {
    ...refusal(
      'GRAPHQL_PARSE_FAILED',
      `The document is not valid GraphQL${at ? ` at line ${at.line}, column ${at.column}` : ''}: ${said}`,
      `Tài liệu không đúng cú pháp GraphQL${at ? ` tại dòng ${at.line}, cột ${at.column}` : ''}: ${said}`,
    ),
    ...(locations ? { locations } : {}),
  }
}

export function refuseCycle(fragmentNames: readonly string[]): Refusal {
  const path = fragmentNames
    .map((name) => shortened(name))
    .slice(0, 6)
    .join(' → ')
  return refusal(
    'FRAGMENT_CYCLE',
    `A fragment spreads itself: ${path}. Write the levels you need out.`,
    `Fragment tự chèn chính nó: ${path}. Hãy viết rõ từng tầng cần lấy.`,
    { at: path },
  )
}

export function refuseNoOperation(reason: 'none' | 'several' | 'unknown'): Refusal {
  switch (reason) {
    case 'none':
      return refusal(
        'OPERATION_NOT_FOUND',
        'The document holds no operation. Add a query or a mutation.',
        'Tài liệu không có thao tác nào. Hãy thêm một query hoặc mutation.',
      )
    case 'several':
      return refusal(
        'OPERATION_NOT_FOUND',
        'The document holds several operations. Say which one should run in operationName.',
        'Tài liệu có nhiều thao tác. Hãy nêu thao tác cần chạy trong operationName.',
      )
    case 'unknown':
      return refusal(
        'OPERATION_NOT_FOUND',
        'The document holds no operation of the name given in operationName. Correct the name or leave it out.',
        'Tài liệu không có thao tác mang tên đã nêu trong operationName. Hãy sửa tên hoặc bỏ trống.',
      )
  }
}

export function refuseUnsizedPage(coordinate: string, slicingArguments: readonly string[], given: number): Refusal {
  const names = slicingArguments.join(', ')
  return refusal(
    'PAGE_SIZE_REQUIRED',
    `${coordinate} needs exactly one of its page arguments (${names}); ${given} were given. Say how many records you want.`,
    `${coordinate} cần đúng một trong các tham số trang (${names}); yêu cầu có ${given}. Hãy nêu số bản ghi muốn lấy.`,
    { at: coordinate },
  )
}

function refusal(
  code: RefusalCode,
  message: string,
  messageVi: string,
  details: Omit<Refusal['extensions'], 'code' | 'messageVi'> = {},
): Refusal {
  return {
    code,
    message,
    messageVi,
    extensions: { code, messageVi, ...details },
  }
}

/** Names in a document are the caller's own text, of any length: an answer repeats a few words of it, not a page. */
function shortened(text: string, length = 80): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`
}
