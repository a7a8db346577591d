import { escapeHtml, PAGE_STYLE } from '../../html.ts';
import type { Login } from '../pending.ts';

const STYLE = `${PAGE_STYLE}
body { max-width: 24rem; }
label { display: block; margin: 1rem 0; }
input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: 0.5rem; }
code { font: 600 1rem/1.5 ui-monospace, monospace; user-select: all; }
[role='alert'] { border-left: 0.25rem solid; padding-left: 0.75rem; }
`;

export type LoginPage = {
  readonly login: Login;
  /** What went wrong; null on the first showing. */
  readonly sentence: string | null;
  /** What was entered as e-mail address, so that it need not be entered again. */
  readonly username: string;
  /** For an authenticator app, at the step `enrol`. */
  readonly totpUri: string | null;
};

const BUTTONS: Readonly<Record<Login['step'], string>> = {
  password: 'Sign in',
  'new-password': 'Set password',
  totp: 'Continue',
  enrol: 'Continue',
};

/** The form of a login's step. Its hidden field is the login's id, which no other page can know: the CSRF token. */
export function renderLoginPage(page: LoginPage): string {
  const { login, sentence } = page;
  return renderPage(
    'Sign in',
    `${sentence === null ? '' : `<p role="alert">${escapeHtml(sentence)}</p>`}
<form method="post" action="/login">
<input type="hidden" name="_csrf" value="${login.id}">
${renderFields(page)}
<button>${BUTTONS[login.step]}</button>
</form>
<p>This is the local user pool. What it mails is in its <a href="/" target="_blank">mailbox</a>.</p>`,
  );
}

/** What a person sees who cannot be sent on. */
export function renderErrorPage(sentence: string): string {
  return renderPage('Something is wrong', `<p role="alert">${escapeHtml(sentence)}</p>`);
}

function renderFields({ login, username, totpUri }: LoginPage): string {
  switch (login.step) {
    case 'password':
      return `<label>E-mail address <input name="username" type="email" autocomplete="username" required autofocus value="${escapeHtml(username)}"></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>`;
    case 'new-password':
      return `<p>Choose a password of your own.</p>
<label>New password <input name="new_password" type="password" autocomplete="new-password" required autofocus></label>`;
    case 'totp':
      return renderCode('Enter the code your authenticator app shows.');
    case 'enrol':
      return `<p>Give your authenticator app this key: <code>${escapeHtml(login.totpSecret ?? '')}</code></p>
<p><a href="${escapeHtml(totpUri ?? '')}">Open it in an app of this machine</a></p>
${renderCode('Then enter the code it shows.')}`;
  }
}

function renderCode(sentence: string): string {
  return `<p>${sentence}</p>
<label>Code <input name="code" inputmode="numeric" autocomplete="one-time-code" required autofocus></label>`;
}

function renderPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
${body}
</body>
</html>
`;
}
