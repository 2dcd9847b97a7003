// The explorer's one HTML page, and the policy it runs under.

export interface PageOptions {
  /** Path of the explorer on this origin, without a trailing slash. */
  readonly base: string
  readonly hash: string
  readonly nonce: string
}

/** Nothing from elsewhere, no inline script. The nonce is for the one style element that a dialog puts in to stop scrolling behind it. */
export const contentSecurityPolicy = (nonce: string): string =>
  [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data:`,
    `font-src data:`,
    `connect-src 'self'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ')

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='7' fill='%230b5fad'/%3E%3Cpath d='M7 8v16h8M17 8h9M21.5 8v16' stroke='white' stroke-width='3.5' fill='none'/%3E%3C/svg%3E"

export const renderPage = ({ base, hash, nonce }: PageOptions): string => `<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Liên Thông – Trình khám phá API</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="${base}/assets/app-${hash}.css">
<script type="module" nonce="${nonce}" src="${base}/assets/app-${hash}.js"></script>
</head>
<body>
<div id="explorer" data-base="${base}"><p class="opening">Đang mở trình khám phá… <span lang="en">Opening the explorer…</span></p></div>
<noscript><p>Trình khám phá cần JavaScript. <span lang="en">The explorer needs JavaScript.</span></p></noscript>
</body>
</html>
`
