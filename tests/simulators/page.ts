/** What the pages of the simulated platforms have in common: they say what they are, and run nothing. */
export function htmlPage(title: string, body: string, style = '') {
  const text = `<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escaped(title)}</title><style>${BASE}${style}</style></head>
<body><p class="mark">模拟平台：此处内容只存在于本机，没有发到任何真实的网站。</p>${body}</body></html>`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    // What an account published is shown as it is, and must not run.
    'content-security-policy':
      "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; form-action *; base-uri 'none'; frame-ancestors 'none'",
  };
  return { headers, body: text };
}

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const BASE = `
:root { color-scheme: light dark; --line: #8884; --soft: light-dark(#666, #aaa); --link: light-dark(#1a56a8, #8ab8ff); }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 0 16px 64px; max-width: 680px; font: 16px/1.7 system-ui, "Noto Sans CJK SC", sans-serif;
  overflow-wrap: anywhere; }
.mark { margin: 0 0 24px; padding: 8px 0; border-bottom: 1px solid var(--line); color: var(--soft); font-size: 13px; }
h1 { font-size: 22px; line-height: 1.4; margin: 0 0 8px; }
a { color: var(--link); }
img { max-width: 100%; height: auto; }
.soft { color: var(--soft); font-size: 14px; }
.list { list-style: none; margin: 0; padding: 0; }
.list > li { padding: 16px 0; border-bottom: 1px solid var(--line); }
button, select { font: inherit; padding: 8px 20px; }
`;
