import { escapeHtml, PAGE_STYLE } from '../html.ts';
import type { Mail } from './mailbox.ts';

const STYLE = `${PAGE_STYLE}
article { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: 1rem 0; }
header { display: flex; gap: 1rem; justify-content: space-between; }
time, .none { opacity: 0.65; }
output { display: block; font: 600 2rem/1.3 ui-monospace, monospace; letter-spacing: 0.1em; user-select: all; }
`;

/** The mailbox as one page that needs no script and nothing from elsewhere, and loads itself again. */
export function renderMailboxPage(mails: readonly Mail[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5">
<title>Mailbox (${mails.length})</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Mailbox</h1>
${mails.length === 0 ? '<p class="none">Nothing yet. Mail the local user pool sends appears here.</p>' : mails.map(renderMail).join('\n')}
</body>
</html>
`;
}

function renderMail({ to, subject, text, code, sentAt }: Mail): string {
  return `<article>
<header><strong>${escapeHtml(to)}</strong><time datetime="${sentAt}">${sentAt.slice(0, 19).replace('T', ' ')} UTC</time></header>
<p>${escapeHtml(subject)}</p>
${code === null ? '' : `<output>${escapeHtml(code)}</output>`}
<p>${escapeHtml(text)}</p>
</article>`;
}
