import { z } from 'zod';

const MAX_CHARACTERS = 100;

// Controls, separators of lines, and format characters, of which some turn the direction of what follows. Joiners and
// tags stay: Persian, the scripts of India and emoji are spelled with them.
const FORBIDDEN = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\u200c\u200d\u{e0020}-\u{e007f}]]/gv;
const VISIBLE = /[^\p{Default_Ignorable_Code_Point}\p{White_Space}\p{M}]/u;
const STACKED_MARKS = /\p{M}{8}/u;

/** A name for people, trimmed: 1 to 100 characters that can be seen and leave the text around them alone. */
export const HumanName = (what: string) =>
  z
    .string()
    .trim()
    .min(1, { error: `${what} must not be empty.`, abort: true })
    .refine((name) => [...name].length <= MAX_CHARACTERS, `${what} may have at most ${MAX_CHARACTERS} characters.`)
    .refine((name) => name.isWellFormed() && name.search(FORBIDDEN) < 0, `${what} may not hold control characters.`)
    .refine((name) => VISIBLE.test(name) && !STACKED_MARKS.test(name), `${what} must be readable.`);

const Name = HumanName('The name');

/** The nearest name to what somebody wrote elsewhere, where nobody can be asked again; null when nothing is left. */
export function toHumanName(text: string | undefined): string | null {
  const clean = [...(text ?? '').toWellFormed().replace(FORBIDDEN, '')].slice(0, MAX_CHARACTERS).join('');
  return Name.safeParse(clean).data ?? null;
}
