// The look of the pages: one sheet inside the page, allowed by its hash alone.
import { createHash } from 'node:crypto'

export const STYLE = `
:root{--ink:#212b3b;--soft:#55627a;--paper:#fff;--ground:#eef3f9;--line:#d3dae4;--accent:#0b5fad;--on-accent:#fff;--alarm:#b3261e;--alarm-ground:#fdecea;color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{--ink:#edf1f7;--soft:#a9b4c6;--paper:#212a38;--ground:#161c26;--line:#3d495c;--accent:#7cbcf7;--on-accent:#0c2338;--alarm:#ffb4ab;--alarm-ground:#4a1f1b}}
*{box-sizing:border-box}
body{margin:0;min-height:100dvh;display:grid;place-items:center;padding:16px;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,"Segoe UI",Roboto,sans-serif}
main{width:100%;max-width:440px;padding:28px 24px;background:var(--paper);border:1px solid var(--line);border-radius:12px;overflow-wrap:anywhere}
.house{margin:0 0 20px;color:var(--accent);font-weight:700}
h1{margin:0;font-size:1.45rem;line-height:1.25}
h1 [lang=en]{display:block;font-size:1rem;font-weight:400}
[lang=en]{color:var(--soft)}
p{margin:12px 0}
label{display:block;margin-top:16px;font-weight:600}
label [lang=en]{font-weight:400}
input{display:block;width:100%;margin-top:4px;padding:11px 12px;border:1px solid var(--soft);border-radius:8px;background:var(--paper);color:inherit;font:inherit}
.key{display:block;padding:10px 12px;border:1px dashed var(--soft);border-radius:8px;font-size:1.05rem}
.code{letter-spacing:.3em;font-variant-numeric:tabular-nums}
button{width:100%;min-height:46px;margin-top:20px;padding:10px 16px;border:1px solid var(--accent);border-radius:8px;background:var(--accent);color:var(--on-accent);font:inherit;font-weight:600;cursor:pointer}
button.second{margin-top:10px;background:transparent;color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.alarm{padding:10px 12px;border-radius:8px;background:var(--alarm-ground);color:var(--alarm)}
.alarm [lang=en]{color:inherit}
ul{margin:12px 0;padding:0;list-style:none;border-top:1px solid var(--line)}
li{padding:10px 0;border-bottom:1px solid var(--line)}
li [lang=en]{display:block;font-size:.9rem}
.small{font-size:.9rem;color:var(--soft)}
a{color:var(--accent)}
`

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/**
 * No script at all, nothing from elsewhere, in nobody's frame (clickjacking would turn a consent into a trap). A browser holds the
 * policy against the redirects after a form too, so the one place where the code may go on to is named.
 */
export const contentSecurityPolicy = (goesOnTo: string | null): string =>
  [
    `default-src 'none'`,
    `style-src 'sha256-${STYLE_HASH}'`,
    `img-src data:`,
    `form-action 'self'${goesOnTo ? ` ${goesOnTo}` : ''}`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ')
