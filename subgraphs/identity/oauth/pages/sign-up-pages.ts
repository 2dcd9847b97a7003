// The pages of signing up: who you are, your authenticator app, and what comes next.
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from '../../people/password.ts'
import type { SignUpField, SignUpForm, Ticket } from '../../people/sign-up.ts'
import { html, type Html } from './html.ts'
import { alarm, both, type Page } from './page.ts'

export const WRONG_CODE = alarm(
  'Mã xác thực không đúng. Hãy xem lại khóa đã nhập vào ứng dụng và giờ của điện thoại.',
  'The code is not right. Check the key in your app and the clock of your telephone.',
)
export const EXPIRED = alarm('Biểu mẫu đã hết hạn. Hãy đăng ký lại từ đầu.', 'The form has expired. Please begin again.')
export const FULL = alarm(
  'Môi trường thử nghiệm đã đủ số tài khoản. Hãy liên hệ người vận hành.',
  'The sandbox holds as many accounts as it takes. Please ask its operator.',
)

interface Wording {
  readonly vi: string
  readonly en: string
  readonly type: string
  readonly autocomplete: string
  readonly most: number
  readonly faultVi: string
  readonly faultEn: string
}

const FIELDS: Readonly<Record<SignUpField, Wording>> = {
  email: {
    vi: 'Địa chỉ e-mail',
    en: 'E-mail address',
    type: 'email',
    autocomplete: 'username',
    most: 254,
    faultVi: 'Địa chỉ e-mail không hợp lệ.',
    faultEn: 'This is not an e-mail address.',
  },
  displayName: {
    vi: 'Họ và tên',
    en: 'Your name',
    type: 'text',
    autocomplete: 'name',
    most: 120,
    faultVi: 'Cần từ 1 đến 120 ký tự.',
    faultEn: '1 to 120 characters.',
  },
  organisation: {
    vi: 'Đơn vị, công ty',
    en: 'Organisation',
    type: 'text',
    autocomplete: 'organization',
    most: 120,
    faultVi: 'Cần từ 1 đến 120 ký tự.',
    faultEn: '1 to 120 characters.',
  },
  password: {
    vi: `Mật khẩu, từ ${SHORTEST_PASSWORD} ký tự`,
    en: `Password, ${SHORTEST_PASSWORD} characters or more`,
    type: 'password',
    autocomplete: 'new-password',
    most: LONGEST_PASSWORD,
    faultVi: `Mật khẩu cần từ ${SHORTEST_PASSWORD} đến ${LONGEST_PASSWORD} ký tự.`,
    faultEn: `A password has ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters.`,
  },
  repeated: {
    vi: 'Nhập lại mật khẩu',
    en: 'The password again',
    type: 'password',
    autocomplete: 'new-password',
    most: LONGEST_PASSWORD,
    faultVi: 'Hai mật khẩu không giống nhau.',
    faultEn: 'The two passwords differ.',
  },
}

export interface SignUpState {
  readonly typed: SignUpForm
  readonly faults: readonly SignUpField[]
  readonly fault: Html | null
}

/** A password is never sent back; the rest stays as it was typed. */
function field(name: SignUpField, { typed, faults }: SignUpState): Html {
  const { vi, en, type, autocomplete, most, faultVi, faultEn } = FIELDS[name]
  const isFault = faults.includes(name)
  const value = type === 'password' ? '' : typed[name]
  return html`<label
      >${both(vi, en)}
      <input
        name="${name}"
        type="${type}"
        autocomplete="${autocomplete}"
        required
        maxlength="${String(most)}"
        value="${value}"
        ${type === 'password' ? html` minlength="${String(SHORTEST_PASSWORD)}"` : null}
        ${isFault ? html` aria-invalid="true" aria-describedby="${name}-fault"` : null}
        ${faults[0] === name ? html` autofocus` : null}
    /></label>
    ${isFault ? html`<p class="alarm" role="alert" id="${name}-fault">${both(faultVi, faultEn)}</p>` : null}`
}

export function signUpPage(state: SignUpState, status = 200): Page {
  return {
    title: 'Đăng ký',
    status,
    body: html`<h1>${both('Đăng ký tài khoản phát triển', 'Sign up as a developer')}</h1>
      <p class="small">
        ${both(
          'Dành cho môi trường thử nghiệm: bạn có trường và học sinh giả lập của riêng mình, không có dữ liệu thật.',
          'For the sandbox: you get synthetic schools and pupils of your own, no real data.',
        )}
      </p>
      ${state.fault}
      <form method="post">
        ${field('email', state)} ${field('displayName', state)} ${field('organisation', state)} ${field('password', state)}
        ${field('repeated', state)}
        <button>${'Tiếp tục · Continue'}</button>
      </form>`,
  }
}

/** In groups of four, as one reads it off a screen into a telephone. */
const inGroups = (secret: string): string => (secret.match(/.{1,4}/g) ?? []).join(' ')

export function secondFactorPage({ text, email, totpSecret }: Ticket, fault: Html | null, status = 200): Page {
  const address = `otpauth://totp/${encodeURIComponent(`Liên Thông:${email}`)}?secret=${totpSecret}&issuer=${encodeURIComponent('Liên Thông')}`
  return {
    title: 'Mã xác thực',
    status,
    body: html`<h1>${both('Thêm mã xác thực', 'Add a second factor')}</h1>
      <p>
        ${both(
          'Nhập khóa này vào ứng dụng xác thực trên điện thoại, rồi nhập mã 6 chữ số mà ứng dụng hiển thị.',
          'Enter this key into your authenticator app, then type the 6-digit code that it shows.',
        )}
      </p>
      <p><code class="key">${inGroups(totpSecret)}</code></p>
      <p class="small">
        <a href="${address}">${both('Mở trong ứng dụng xác thực trên máy này', 'Open in an authenticator app on this device')}</a>
      </p>
      ${fault}
      <form method="post">
        <input type="hidden" name="ticket" value="${text}" />
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
            autofocus
        /></label>
        <button>${'Hoàn tất · Finish'}</button>
      </form>`,
  }
}

/** One page for a new address and for one that had an account: the page tells nobody which addresses are known here. */
export const signedUpPage = (): Page => ({
  title: 'Đã đăng ký',
  body: html`<h1>${both('Đã nhận đăng ký', 'Sign-up received')}</h1>
    <p>
      ${both(
        'Nếu địa chỉ này chưa có tài khoản thì tài khoản đã sẵn sàng: hãy quay lại ứng dụng và đăng nhập bằng mã xác thực kế tiếp. Nếu đã có, tài khoản cũ giữ nguyên.',
        'If this address had no account, it has one now: go back to the application and sign in with the next code. If it had one, that one stays as it was.',
      )}
    </p>`,
})
