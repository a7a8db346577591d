import type { MembershipRole } from '../../../src/identity/principal.ts';

/** How many people there are. The last two have their address in a domain that tenants may show to be theirs. */
export const PEOPLE = 5;
export const isAtDomain = (person: number): boolean => person >= PEOPLE - 2;

export type Place = {
  readonly person: number;
  role: MembershipRole;
  /** How often its role has changed: a token tells of the place as it was. */
  changes: number;
};

export type Offer = {
  readonly house: number;
  readonly to: number;
  readonly role: MembershipRole;
  state: 'PENDING' | 'ACCEPTED' | 'DECLINED' | 'REVOKED' | 'EXPIRED';
  /** The place of whoever invited, or sent it last: this one, not a later one of the same person. */
  by: Place;
  /** How many secrets it has had; the last is good. */
  secrets: number;
};

export type House = {
  name: string;
  status: 'ACTIVE' | 'SUSPENDED' | 'DELETING';
  memberLimit: number | null;
  joinByDomain: boolean;
  domain: 'NONE' | 'SAID' | 'SHOWN';
  places: Place[];
};

/** All there is, as whoever reads the contract would keep it in mind: no database, no token, no lock. */
export type Life = {
  readonly houses: House[];
  readonly offers: Offer[];
  /** The place that a person's last token for a house tells of, as it was then, by `person@house`. */
  readonly tokens: Map<string, { readonly place: Place; readonly changes: number }>;
};

export const newLife = (): Life => ({ houses: [], offers: [], tokens: new Map() });

/** Whoever acts, by a token for a house: one of this moment, or the one before, whatever has become of the person since. */
export type Bearer = { readonly person: number; readonly house: number; readonly isOld: boolean };

export const placeOf = (house: House | undefined, person: number): Place | undefined =>
  house?.places.find((place) => place.person === person);

export const toKey = ({ person, house }: Pick<Bearer, 'person' | 'house'>): string => `${person}@${house}`;

/** Whether the bearer's token tells of a place that has changed or ended since. */
export function isStale({ houses, tokens }: Life, bearer: Bearer): boolean {
  const known = bearer.isOld ? tokens.get(toKey(bearer)) : undefined;
  if (known === undefined) return false;
  return placeOf(houses[bearer.house], bearer.person) !== known.place || known.place.changes !== known.changes;
}

/** Notes the token that the bearer now has; that of somebody without a place names no tenant. */
export function noteToken({ houses, tokens }: Life, bearer: Bearer): void {
  const place = placeOf(houses[bearer.house], bearer.person);
  if (place !== undefined) tokens.set(toKey(bearer), { place, changes: place.changes });
}
