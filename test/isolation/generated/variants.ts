import type { Caller } from './caller.ts';
import { type Home, otherThan } from './home.ts';
import { findIdSlots, type IdSlot } from './id-slots.ts';
import type { Path } from './paths.ts';

/** Whose row an id names: one of the tenant the caller is looked at from, of the other tenant, or nobody's. */
export type Whose = 'own' | 'foreign' | 'unknown';

/** One way to fill in a path's ids. */
export type Variant = {
  /** `foreign input.membershipId`. */
  readonly name: string;
  /** The id that varies, and how. Null: every id that may be left out is. The others are own ones. */
  readonly varied: { readonly slot: IdSlot; readonly whose: Whose } | null;
};

/** The tenant whose row such an id names, where it names one. */
export function homeOf({ home }: Pick<Caller, 'home'>, whose: Whose | undefined): Home {
  return whose === 'foreign' ? otherThan(home) : home;
}

const WHOSE: readonly Whose[] = ['own', 'foreign', 'unknown'];

/** Each id own, foreign and unknown in turn; and once without any, where a path needs none. */
export function toVariants(path: Path): readonly Variant[] {
  const slots = findIdSlots(path);
  const varied = slots.flatMap((slot) =>
    WHOSE.map((whose) => ({ name: `${whose} ${slot.name}`, varied: { slot, whose } })),
  );
  const isOptional = slots.every(({ isRequired }) => !isRequired);
  return isOptional ? [{ name: 'no id', varied: null }, ...varied] : varied;
}
