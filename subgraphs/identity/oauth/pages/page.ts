// The frame of every page, and the pages: signing in, agreeing, signing out, and what went wrong. They work without a script.
import type { ServerResponse } from 'node:http'
import { SCOPES, type Scope } from '../../../kernel/scopes.ts'
import { SIGN_UP_PATH } from '../door.ts'
import type { Refusal } from '../refusals.ts'
import { html, type Html } from './html.ts'
import { contentSecurityPolicy, STYLE } from './style.ts'

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='7' fill='%230b5fad'/%3E%3Cpath d='M7 8v16h8M17 8h9M21.5 8v16' stroke='white' stroke-width='3.5' fill='none'/%3E%3C/svg%3E"

export interface Page {
  readonly title: string
  readonly body: Html
  readonly status?: number
  /** Origin of the address that a form of this page leads on to in the end. */
  readonly goesOnTo?: string | null
  readonly headers?: Readonly<Record<string, string>>
}

const frame = ({ title, body }: Page): string =>
  `<!doctype html>\n${
    html`<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title} – Liên Thông</title>
<link rel="icon" href="${ICON}">
<style>`.text
  }${STYLE}${
    html`</style>
</head>
<body>
<main>
<p class="house">Liên Thông</p>
${body}
</main>
</body>
</html>
`.text
  }`

export const headersOf = ({ goesOnTo = null, headers = {} }: Page): Record<string, string> => ({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': contentSecurityPolicy(goesOnTo),
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  ...headers,
})

export const textOf = (page: Page): string => frame(page)

export function sendPage(res: ServerResponse, page: Page): void {
  const text = textOf(page)
  res.writeHead(page.status ?? 200, { ...headersOf(page), 'content-length': Buffer.byteLength(text) })
  res.end(text)
}

/** Vietnamese first, English beside it. */
export const both = (vi: string, en: string): Html => html`${vi} <span lang="en">${en}</span>`

export const alarm = (vi: string, en: string): Html => html`<p class="alarm" role="alert">${both(vi, en)}</p>`

/** Who asks. */
export interface Asking {
  readonly name: string
  readonly vendor: string | null
  /** Proves to the form's receiver that the form came from this page. */
  readonly proof: string
  readonly goesOnTo: string | null
  /** Whoever has no account may make one. */
  readonly signUp: boolean
}

const asker = ({ name, vendor }: Asking): Html => html`<strong>${name}</strong>${vendor ? html` (${vendor})` : null}`

export const WRONG_SIGN_IN = alarm(
  'Địa chỉ e-mail, mật khẩu hoặc mã xác thực không đúng, hoặc mã đã được dùng.',
  'The e-mail address, the password or the code is not right, or the code was used before.',
)

export const limitedSignIn = (seconds: number): Html => {
  const minutes = String(Math.ceil(seconds / 60))
  return alarm(`Đã thử quá nhiều lần. Hãy thử lại sau ${minutes} phút.`, `Too many tries. Try again in ${minutes} minutes.`)
}

export const OTHER_ACCOUNT = alarm(
  'Trình duyệt này đang đăng nhập bằng tài khoản khác. Hãy đăng xuất tài khoản đó trước.',
  'Another account is signed in in this browser. Sign that one out first.',
)

export interface SignInForm {
  readonly email: string
  readonly fault: Html | null
}

export function signInPage(asking: Asking, { email, fault }: SignInForm, status = 200): Page {
  return {
    title: 'Đăng nhập',
    status,
    goesOnTo: asking.goesOnTo,
    body: html`<h1>${both('Đăng nhập', 'Sign in')}</h1>
      <p>để tiếp tục với ${asker(asking)} <span lang="en">to go on</span></p>
      ${fault}
      <form method="post">
        <input type="hidden" name="proof" value="${asking.proof}" />
        <label
          >${both('Địa chỉ e-mail', 'E-mail address')}
          <input
            name="email"
            type="email"
            autocomplete="username"
            required
            maxlength="254"
            value="${email}"
            ${email ? null : html` autofocus`}
        /></label>
        <label
          >${both('Mật khẩu', 'Password')}
          <input
            name="password"
            type="password"
            autocomplete="current-password"
            required
            maxlength="256"
            ${email ? html` autofocus` : null}
        /></label>
        <label
          >${both('Mã xác thực 6 chữ số', '6-digit code of your authenticator app')}
          <input
            class="code"
            name="code"
            inputmode="numeric"
            autocomplete="one-time-code"
            required
            pattern="[0-9 ]{6,7}"
            maxlength="7"
        /></label>
        <button name="decision" value="go">${'Đăng nhập · Sign in'}</button>
        <button class="second" name="decision" value="cancel" formnovalidate>${'Hủy · Cancel'}</button>
      </form>
      ${
        asking.signUp
          ? html`<p class="small">
              <a href="${SIGN_UP_PATH}"
                >${both('Người phát triển chưa có tài khoản? Đăng ký.', 'A developer without an account? Sign up.')}</a
              >
            </p>`
          : null
      }`,
  }
}

export function consentPage(asking: Asking, person: string, scopes: readonly Scope[], actsForPerson: boolean): Page {
  return {
    title: 'Cho phép ứng dụng',
    goesOnTo: asking.goesOnTo,
    body: html`<h1>${both('Cho phép ứng dụng?', 'Allow this application?')}</h1>
      <p>
        ${asker(asking)}
        ${
          actsForPerson
            ? both(
                'xin được làm những việc sau thay mặt bạn, tại trường của bạn đã có thỏa thuận:',
                'asks to do the following in your name, at your school that has an agreement:',
              )
            : both('xin được làm những việc sau bằng quyền của bạn:', 'asks to do the following with your rights:')
        }
      </p>
      <ul>
        ${scopes.map((scope) => html`<li>${SCOPES[scope].nameVi} <span lang="en">${SCOPES[scope].nameEn}</span></li>`)}
      </ul>
      <p class="small">${both(`Bạn đang đăng nhập là ${person}.`, `You are signed in as ${person}.`)}</p>
      <form method="post">
        <input type="hidden" name="proof" value="${asking.proof}" />
        <button name="decision" value="allow">${'Cho phép · Allow'}</button>
        <button class="second" name="decision" value="cancel">${'Từ chối · Refuse'}</button>
      </form>`,
  }
}

/** The application asked for nothing that this person holds. */
export function nothingToAllowPage(asking: Asking, person: string): Page {
  return {
    title: 'Không có quyền phù hợp',
    goesOnTo: asking.goesOnTo,
    body: html`<h1>${both('Không có quyền phù hợp', 'Nothing to allow')}</h1>
      <p>
        ${asker(asking)}
        ${both(
          `không thể làm việc thay ${person}: tài khoản này không có quyền mà ứng dụng xin, hoặc trường chưa có thỏa thuận với ứng dụng.`,
          `cannot work for ${person}: the account holds none of the rights it asks for, or the school has no agreement with it.`,
        )}
      </p>
      <form method="post">
        <input type="hidden" name="proof" value="${asking.proof}" />
        <button name="decision" value="cancel">${'Quay lại ứng dụng · Back to the application'}</button>
      </form>`,
  }
}

export const signOutPage = (): Page => ({
  title: 'Đăng xuất',
  body: html`<h1>${both('Đăng xuất?', 'Sign out?')}</h1>
    <p>
      ${both(
        'Mọi ứng dụng bạn đã cho phép trong phiên này sẽ dừng ngay.',
        'Every application that you allowed in this session stops at once.',
      )}
    </p>
    <form method="post"><button>${'Đăng xuất · Sign out'}</button></form>`,
})

export const signedOutPage = (): Page => ({
  title: 'Đã đăng xuất',
  body: html`<h1>${both('Đã đăng xuất', 'Signed out')}</h1>
    <p>${both('Bạn có thể đóng trang này.', 'You may close this page.')}</p>`,
})

const SAID: Readonly<Record<number, readonly [vi: string, en: string]>> = {
  400: [
    'Yêu cầu đăng nhập không hợp lệ hoặc đã hết hạn. Hãy quay lại ứng dụng và bắt đầu lại.',
    'The sign-in request is not valid or has expired. Go back to the application and start again.',
  ],
  403: ['Biểu mẫu này được gửi từ trang khác. Hãy bắt đầu lại.', 'This form was sent by another site. Start again.'],
  500: ['Hệ thống gặp lỗi.', 'Something went wrong on our side.'],
  503: [
    'Hệ thống tạm thời không phục vụ được. Hãy thử lại sau ít giây.',
    'The platform cannot serve just now. Try again in a few seconds.',
  ],
}

/** `description` is for the developer of the application: the person can only start again. */
export function faultPage({ status, description, headers = {} }: Refusal): Page {
  const [vi, en] = SAID[status] ?? SAID[400]!
  return {
    title: 'Không thể tiếp tục',
    status,
    headers,
    body: html`<h1>${both('Không thể tiếp tục', 'This cannot go on')}</h1>
      ${alarm(vi, en)}
      <p class="small" lang="en">${description}</p>`,
  }
}
