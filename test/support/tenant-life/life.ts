import type { MembershipRole } from '../../../src/identity/principal.ts';

/** How many people there are. The last two have their address in a domain that tenants may show to be theirs. */
export const PEOPLE = 5;
export const isAtDomain = (person: number): boolean => person >= PEOPLE - 2;

export type Place = { readonly person: number; role: MembershipRole };

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
  /** The role that a person's last token for a house tells of, by `person@house`. */
  readonly tokens: Map<string, MembershipRole>;
};

export const newLife = (): Life => ({ houses: [], offers: [], tokens: new Map() });

/** Whoever acts, by a token for a house: one of this moment, or the one before, whatever has become of the person since. */
export type Bearer = { readonly person: number; readonly house: number; readonly isOld: boolean };

export const placeOf = (house: House | undefined, person: number): Place | undefined =>
  house?.places.find((place) => place.person === person);

/** The role the bearer's token tells of; null where it names no tenant, as that of somebody without a place. */
export function roleInToken({ houses, tokens }: Life, { person, house, isOld }: Bearer): MembershipRole | null {
  const known = tokens.get(`${person}@${house}`);
  return isOld && known ? known : (placeOf(houses[house], person)?.role ?? null);
}

/** Notes the token that the bearer now has. */
export function noteToken(life: Life, bearer: Bearer): void {
  const role = roleInToken(life, bearer);
  if (role !== null) life.tokens.set(`${bearer.person}@${bearer.house}`, role);
}
