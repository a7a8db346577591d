import { OAuthError } from './oauth-error.ts';

/** Parameters of a request. Throws OAuthError for one given twice, RFC 6749 §3.1 and §3.2. */
export function toParameters(text: string): URLSearchParams {
  const parameters = new URLSearchParams(text);
  if (new Set(parameters.keys()).size !== parameters.size) throw new OAuthError('invalid_request');
  return parameters;
}

/** A form's fields. Throws OAuthError for a body of another kind, too. */
export function toForm(body: unknown): URLSearchParams {
  if (typeof body !== 'string') throw new OAuthError('invalid_request');
  return toParameters(body);
}

/** What stands behind the question mark of a request's address. */
export function toSearch(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
}

export function toWords(text: string | null): readonly string[] {
  return [...new Set((text ?? '').split(' ').filter((word) => word !== ''))];
}
