import type { Answer } from './product.ts';

/** The codes of all errors of an answer, in order. */
export function codesOf({ body }: Answer): readonly string[] {
  return (body.errors ?? []).map((error: { readonly extensions: { readonly code: string } }) => error.extensions.code);
}
