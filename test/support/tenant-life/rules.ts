import type { ErrorCode } from '../../../src/errors.ts';
import type { MembershipRole } from '../../../src/identity/principal.ts';
import {
  type Bearer,
  type House,
  isAtDomain,
  isStale,
  type Life,
  noteToken,
  type Offer,
  PEOPLE,
  type Place,
  placeOf,
} from './life.ts';
import { APT, HOUSES, type Kind, type Step, type StepOf } from './step.ts';

/** What a step ends with: the code of its refusal, or null where it was done. */
export type End = ErrorCode | null;

type Refused = Exclude<End, null>;

const RANK: Readonly<Record<MembershipRole, number>> = { MEMBER: 1, ADMIN: 2, OWNER: 3 };
const isUpTo = (own: MembershipRole, other: MembershipRole) => RANK[other] <= RANK[own];
const isFull = ({ memberLimit, places }: House) => memberLimit !== null && places.length >= memberLimit;
const isLastOwner = ({ places }: House, { role }: Place) =>
  role === 'OWNER' && places.filter((place) => place.role === 'OWNER').length === 1;

/** The offer meant, counted from the newest; undefined where there are not so many. */
export const toOffer = ({ offers }: Life, fromEnd: number): Offer | undefined => offers[offers.length - 1 - fromEnd];

/** The place meant, where it is one of the tenant that whoever acts has a token for. */
function toTarget({ houses }: Life, { bearer, member }: StepOf<'changeRole'> | StepOf<'remove'>): Place | undefined {
  return member.house === bearer.house ? placeOf(houses[member.house], member.person) : undefined;
}

/** The step with everybody named. */
export function settle(life: Life, step: Step): Step {
  let settled = step;
  if ('bearer' in settled && settled.bearer.person === APT) {
    settled = { ...settled, bearer: { ...settled.bearer, person: toApt(life, settled.bearer) } };
  }
  if ('member' in settled && settled.member.house === APT) {
    settled = { ...settled, member: { ...settled.member, house: settled.bearer.house } };
  }
  if ('offer' in settled && 'person' in settled && settled.person === APT) {
    settled = { ...settled, person: toOffer(life, settled.offer)?.to ?? 0 };
  }
  return settled;
}

/** With an old token whoever has one that is stale; else an owner. */
function toApt(life: Life, bearer: Bearer): number {
  const people = Array.from({ length: PEOPLE }, (_, person) => person);
  const stale = people.find((person) => isStale(life, { ...bearer, person }));
  const owner = life.houses[bearer.house]?.places.find(({ role }) => role === 'OWNER');
  return stale ?? owner?.person ?? 0;
}

/** Whether a step means something that is there. */
export function isPossible(life: Life, step: Step): boolean {
  if (step.kind === 'create') return life.houses.length < HOUSES;
  if ('bearer' in step && life.houses[step.bearer.house] === undefined) return false;
  if ('house' in step && life.houses[step.house] === undefined) return false;
  if ('member' in step && life.houses[step.member.house] === undefined) return false;
  return !('offer' in step) || toOffer(life, step.offer) !== undefined;
}

/** Takes a step in the model, and says how it must end. */
export function take(life: Life, step: Step): End {
  if ('bearer' in step && isStale(life, step.bearer)) return 'TOKEN_STALE';
  if ('bearer' in step) noteToken(life, step.bearer);
  const rule = RULES[step.kind] as (life: Life, step: Step) => End;
  return rule(life, step);
}

type Acting = { readonly house: House; readonly place: Place };

/** Whoever acts in the tenant of the token, which must be in use. What his token says is so, or it would be stale. */
function toActor(life: Life, bearer: Bearer, least: MembershipRole): Acting | Refused {
  const house = life.houses[bearer.house];
  const place = placeOf(house, bearer.person);
  if (house === undefined || place === undefined || !isUpTo(place.role, least)) return 'FORBIDDEN';
  return house.status === 'ACTIVE' ? { house, place } : 'TENANT_SUSPENDED';
}

function toAdminOfOffer(life: Life, bearer: Bearer, fromEnd: number): (Acting & { readonly offer: Offer }) | Refused {
  const actor = toActor(life, bearer, 'ADMIN');
  if (typeof actor === 'string') return actor;
  const offer = toOffer(life, fromEnd);
  if (offer?.house !== bearer.house) return 'NOT_FOUND';
  return isUpTo(actor.place.role, offer.role) ? { ...actor, offer } : 'FORBIDDEN';
}

/** What the holder of a secret may answer to; NOT_FOUND tells nobody what is wrong with it. */
function toOpenOffer(life: Life, step: StepOf<'accept'> | StepOf<'decline'>) {
  const offer = toOffer(life, step.offer);
  const house = offer && life.houses[offer.house];
  if (offer === undefined || house === undefined) return 'NOT_FOUND';
  const isGood = !step.isFirst || offer.secrets === 1;
  const inviter = house.places.includes(offer.by) ? offer.by : null;
  if (!isGood || offer.state !== 'PENDING' || offer.to !== step.person) return 'NOT_FOUND';
  if (inviter === null || !isUpTo(inviter.role, offer.role)) return 'NOT_FOUND';
  return house.status === 'ACTIVE' ? { house, offer } : 'TENANT_SUSPENDED';
}

function addPlace(house: House, person: number, role: MembershipRole): End {
  if (placeOf(house, person)) return null;
  if (isFull(house)) return 'CONFLICT';
  house.places.push({ person, role, changes: 0 });
  return null;
}

function endPlace(house: House, place: Place): End {
  if (isLastOwner(house, place)) return 'CONFLICT';
  house.places = house.places.filter((other) => other !== place);
  return null;
}

const RULES: { readonly [K in Kind]: (life: Life, step: StepOf<K>) => End } = {
  create: ({ houses }, { person }) => {
    houses.push({
      name: 'New',
      status: 'ACTIVE',
      memberLimit: null,
      joinByDomain: false,
      domain: 'NONE',
      places: [{ person, role: 'OWNER', changes: 0 }],
    });
    return null;
  },
  // The same slug and name once more: nothing new, and nothing of others.
  createAgain: ({ houses }, { person, house }) => {
    const { status, places } = houses[house] as House;
    const isOwner = places.some((place) => place.person === person && place.role === 'OWNER');
    return isOwner && status === 'ACTIVE' ? null : 'CONFLICT';
  },
  rename: (life, { bearer, name }) => {
    const actor = toActor(life, bearer, 'ADMIN');
    if (typeof actor === 'string') return actor;
    actor.house.name = name;
    return null;
  },
  limit: (life, { bearer, memberLimit }) => {
    const actor = toActor(life, bearer, 'OWNER');
    if (typeof actor === 'string') return actor;
    actor.house.memberLimit = memberLimit;
    return null;
  },
  open: (life, { bearer, joinByDomain }) => {
    const actor = toActor(life, bearer, 'OWNER');
    if (typeof actor === 'string') return actor;
    actor.house.joinByDomain = joinByDomain;
    return null;
  },
  suspend: ({ houses }, { house: index }) => {
    const house = houses[index] as House;
    if (house.status === 'DELETING') return 'CONFLICT';
    house.status = 'SUSPENDED';
    return null;
  },
  resume: ({ houses }, { house }) => {
    (houses[house] as House).status = 'ACTIVE';
    return null;
  },
  delete: (life, { bearer, isSlugRight }) => {
    const actor = toActor(life, bearer, 'OWNER');
    if (typeof actor === 'string') return actor;
    if (!isSlugRight) return 'BAD_USER_INPUT';
    actor.house.status = 'DELETING';
    return null;
  },
  invite: (life, { bearer, to, role }) => {
    const actor = toActor(life, bearer, 'ADMIN');
    if (typeof actor === 'string') return actor;
    const { house, place } = actor;
    if (!isUpTo(place.role, role)) return 'FORBIDDEN';
    const others = life.offers.filter((offer) => offer.house === bearer.house && offer.to === to);
    if (placeOf(house, to) || others.some(({ state }) => state === 'PENDING') || isFull(house)) return 'CONFLICT';
    for (const other of others) if (other.state === 'EXPIRED') other.state = 'REVOKED';
    life.offers.push({ house: bearer.house, to, role, state: 'PENDING', by: place, secrets: 1 });
    return null;
  },
  resend: (life, { bearer, offer: fromEnd }) => {
    const actor = toAdminOfOffer(life, bearer, fromEnd);
    if (typeof actor === 'string') return actor;
    const { offer, place } = actor;
    if (offer.state !== 'PENDING' && offer.state !== 'EXPIRED') return 'CONFLICT';
    offer.state = 'PENDING';
    offer.by = place;
    offer.secrets += 1;
    return null;
  },
  revoke: (life, { bearer, offer: fromEnd }) => {
    const actor = toAdminOfOffer(life, bearer, fromEnd);
    if (typeof actor === 'string') return actor;
    const { offer } = actor;
    if (offer.state === 'ACCEPTED' || offer.state === 'DECLINED') return 'CONFLICT';
    offer.state = 'REVOKED';
    return null;
  },
  accept: (life, step) => {
    const open = toOpenOffer(life, step);
    if (typeof open === 'string') return open;
    const end = addPlace(open.house, step.person, open.offer.role);
    if (end === null) open.offer.state = 'ACCEPTED';
    return end;
  },
  decline: (life, step) => {
    const open = toOpenOffer(life, step);
    if (typeof open === 'string') return open;
    open.offer.state = 'DECLINED';
    return null;
  },
  expire: (life, { offer: fromEnd }) => {
    const offer = toOffer(life, fromEnd);
    if (offer?.state === 'PENDING') offer.state = 'EXPIRED';
    return null;
  },
  changeRole: (life, step) => {
    const { role } = step;
    const actor = toActor(life, step.bearer, 'ADMIN');
    if (typeof actor === 'string') return actor;
    const { house, place } = actor;
    const target = toTarget(life, step);
    if (target === undefined) return 'NOT_FOUND';
    if (!isUpTo(place.role, target.role) || !isUpTo(place.role, role)) return 'FORBIDDEN';
    if (target.role !== role && isLastOwner(house, target)) return 'CONFLICT';
    if (target.role !== role) target.changes += 1;
    target.role = role;
    return null;
  },
  remove: (life, step) => {
    const actor = toActor(life, step.bearer, 'ADMIN');
    if (typeof actor === 'string') return actor;
    const target = toTarget(life, step);
    if (target === undefined) return 'NOT_FOUND';
    if (!isUpTo(actor.place.role, target.role)) return 'FORBIDDEN';
    return endPlace(actor.house, target);
  },
  leave: (life, { bearer }) => {
    const actor = toActor(life, bearer, 'MEMBER');
    return typeof actor === 'string' ? actor : endPlace(actor.house, actor.place);
  },
  switch: ({ houses }, { person, house }) => (placeOf(houses[house], person) ? null : 'NOT_FOUND'),
  sayDomain: (life, { bearer }) => {
    const actor = toActor(life, bearer, 'OWNER');
    if (typeof actor === 'string') return actor;
    if (actor.house.domain === 'NONE') actor.house.domain = 'SAID';
    return null;
  },
  showDomain: (life, { bearer }) => {
    const { house, end } = toDomainOwner(life, bearer);
    if (end !== null) return end;
    if (life.houses.some((other) => other !== house && other.domain === 'SHOWN')) return 'CONFLICT';
    house.domain = 'SHOWN';
    return null;
  },
  dropDomain: (life, { bearer }) => {
    const { house, end } = toDomainOwner(life, bearer);
    if (end === null) house.domain = 'NONE';
    return end;
  },
  join: ({ houses }, { person }) => {
    if (!isAtDomain(person)) return 'NOT_FOUND';
    const house = houses.find(
      ({ domain, joinByDomain, status }) => domain === 'SHOWN' && joinByDomain && status === 'ACTIVE',
    );
    return house ? addPlace(house, person, 'MEMBER') : 'NOT_FOUND';
  },
  list: (life, { bearer }) => {
    const actor = toActor(life, bearer, 'MEMBER');
    return typeof actor === 'string' ? actor : null;
  },
};

/** The owner of a house that has said a domain. */
function toDomainOwner(life: Life, bearer: Bearer): { readonly house: House; readonly end: End } {
  const house = life.houses[bearer.house] as House;
  const actor = toActor(life, bearer, 'OWNER');
  if (typeof actor === 'string') return { house, end: actor };
  return { house, end: house.domain === 'NONE' ? 'NOT_FOUND' : null };
}
