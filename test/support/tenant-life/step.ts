import fc from 'fast-check';
import type { MembershipRole } from '../../../src/identity/principal.ts';
import { type Bearer, PEOPLE } from './life.ts';

/** Tenants in one life at most. */
export const HOUSES = 3;

/**
 * Stands for the person or the tenant with which a step has a chance: an owner to act, whoever was invited to answer, the
 * actor's own tenant to look for a member in. Steps that are chosen blindly mostly end at the door.
 */
export const APT = -1;

export type Member = { readonly house: number; readonly person: number };

/** By the first secret of the invitation, or by the last, which alone is good once it was sent again. */
type Answering = { readonly person: number; readonly offer: number; readonly isFirst: boolean };

type Parts = {
  readonly create: { readonly person: number };
  readonly createAgain: { readonly person: number; readonly house: number };
  readonly rename: { readonly bearer: Bearer; readonly name: string };
  readonly limit: { readonly bearer: Bearer; readonly memberLimit: number | null };
  readonly open: { readonly bearer: Bearer; readonly joinByDomain: boolean };
  readonly suspend: { readonly house: number };
  readonly resume: { readonly house: number };
  readonly delete: { readonly bearer: Bearer; readonly isSlugRight: boolean };
  readonly invite: { readonly bearer: Bearer; readonly to: number; readonly role: MembershipRole };
  readonly resend: { readonly bearer: Bearer; readonly offer: number };
  readonly revoke: { readonly bearer: Bearer; readonly offer: number };
  readonly accept: Answering;
  readonly decline: Answering;
  readonly expire: { readonly offer: number };
  readonly changeRole: { readonly bearer: Bearer; readonly member: Member; readonly role: MembershipRole };
  readonly remove: { readonly bearer: Bearer; readonly member: Member };
  readonly leave: { readonly bearer: Bearer };
  readonly switch: { readonly person: number; readonly house: number };
  readonly sayDomain: { readonly bearer: Bearer };
  readonly showDomain: { readonly bearer: Bearer };
  readonly dropDomain: { readonly bearer: Bearer };
  readonly join: { readonly person: number };
  readonly list: { readonly bearer: Bearer };
};

export type Kind = keyof Parts;
export type StepOf<K extends Kind> = { readonly kind: K } & Parts[K];
/** Everything that can happen in the life of tenants, as data. */
export type Step = { readonly [K in Kind]: StepOf<K> }[Kind];

const person = fc.nat(PEOPLE - 1);
const house = fc.nat(HOUSES - 1);
const isOld = fc.constantFrom(false, false, true);
const role = fc.constantFrom<MembershipRole>('OWNER', 'ADMIN', 'MEMBER');
const bearer = fc.record({
  person: fc.oneof(fc.constant(APT), fc.constant(APT), person),
  house: fc.constantFrom(0, 0, 1, 2),
  isOld,
});
const owner = fc.record({ person: fc.constant(APT), house: fc.constantFrom(0, 0, 1), isOld: fc.constant(false) });
const member = fc.record({ house: fc.constantFrom(APT, APT, APT, 0, 1), person });
// Of the newest, counted from the end.
const offer = fc.nat(5);
const answering = {
  person: fc.oneof(fc.constant(APT), fc.constant(APT), person),
  offer: fc.nat(2),
  isFirst: fc.constantFrom(false, false, true),
};

const of = <K extends Kind>(kind: K, parts: { [Key in keyof Parts[K]]: fc.Arbitrary<Parts[K][Key]> }) =>
  fc.record({ kind: fc.constant(kind), ...parts }) as unknown as fc.Arbitrary<Step>;

/** One arbitrary a kind; what matters most stands more than once. */
export const STEPS: readonly fc.Arbitrary<Step>[] = [
  of('create', { person }),
  of('createAgain', { person, house }),
  of('rename', { bearer, name: fc.constantFrom('North', 'South') }),
  // Low enough, often enough, that somebody who was invited meets a full tenant.
  of('limit', { bearer: owner, memberLimit: fc.constantFrom(null, null, 1) }),
  of('limit', { bearer: owner, memberLimit: fc.constantFrom(null, null, 2) }),
  of('limit', { bearer, memberLimit: fc.constantFrom(null, 3) }),
  of('open', { bearer, joinByDomain: fc.constantFrom(true, true, false) }),
  of('suspend', { house }),
  of('delete', { bearer, isSlugRight: fc.boolean() }),
  // A tenant that is shut answers all the same: most of the time none is.
  ...Array.from({ length: 4 }, () => of('resume', { house })),
  ...Array.from({ length: 5 }, () => of('invite', { bearer, to: person, role })),
  of('resend', { bearer, offer }),
  of('resend', { bearer, offer }),
  of('revoke', { bearer, offer }),
  ...Array.from({ length: 6 }, () => of('accept', answering)),
  of('decline', answering),
  of('expire', { offer }),
  of('changeRole', { bearer, member, role }),
  of('changeRole', { bearer, member, role }),
  of('remove', { bearer, member }),
  of('remove', { bearer, member }),
  of('leave', { bearer }),
  of('switch', { person, house }),
  of('sayDomain', { bearer }),
  of('sayDomain', { bearer }),
  of('showDomain', { bearer }),
  of('showDomain', { bearer }),
  of('dropDomain', { bearer }),
  ...Array.from({ length: 4 }, () => of('join', { person: fc.constantFrom(0, PEOPLE - 1, PEOPLE - 2) })),
  of('list', { bearer }),
];
