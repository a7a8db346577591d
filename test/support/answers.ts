import type { Answer } from './product.ts';

/** The answer there is in the end: a machine with too much to do sends some away, and does nothing of what they ask. */
export async function served(ask: () => Promise<Answer>): Promise<Answer> {
  const answer = await ask();
  return answer.status === 503 ? served(ask) : answer;
}

/** The codes of all errors of an answer, in order. */
export function codesOf({ body }: Answer): readonly string[] {
  return (body.errors ?? []).map((error: { readonly extensions: { readonly code: string } }) => error.extensions.code);
}
