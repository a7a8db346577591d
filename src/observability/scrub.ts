const GONE = '[Redacted]';

// Parts of a JSON string: any text, and white space, which a newline is only behind a backslash.
const TEXT = String.raw`(?:[^"\\]|\\.)`;
const SPACE = String.raw`(?:\s|\\[nrt])+`;

// `{"` in base64url begins every JWT (RFC 7519 §3.1), whole or cut short; `whsec_` every secret of Standard Webhooks.
const CREDENTIAL = /\beyJ[\w-]{16,}(?:\.[\w-]*)*|\bwhsec_[\w+/=-]+|\b[Bb]earer [\w.~+/=-]{8,}/g;
const URL_PASSWORD = /(:\/\/[^\s"\\/:@]{0,64}):[^\s"\\@]{1,256}@/g;
const SECRET_FIELD = new RegExp(`(authorization|cookie|password|secret(?:AccessKey|Key)?|token)":"${TEXT}*"`, 'gi');
const SQL = new RegExp(
  String.raw`\b(?:select${SPACE}${TEXT}{0,500}?${SPACE}from|insert${SPACE}into|delete${SPACE}from|update${SPACE}[\w."\\]+${SPACE}set)\b${TEXT}*`,
  'gi',
);
// JSON escapes what ends a line in ASCII. These end one, or move a terminal's cursor, for some who read a log.
const CONTROL = /[\u007f-\u009f\u2028\u2029]/g;

/**
 * One line of JSON without credentials, passwords and statements of SQL, whatever member or text they stand in. It stays
 * one line, and JSON. Time grows with its length alone, whoever wrote it.
 */
export function scrub(line: string): string {
  return line
    .replace(CREDENTIAL, GONE)
    .replace(URL_PASSWORD, `$1:${GONE}@`)
    .replace(SECRET_FIELD, `$1":"${GONE}"`)
    .replace(SQL, '[SQL]')
    .replace(CONTROL, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
