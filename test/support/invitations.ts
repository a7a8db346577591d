import { randomUUID } from 'node:crypto';
import { addUser, type Person } from './people.ts';
import type { Answer, Product } from './product.ts';

const INVITATION = 'invitation { id tenantId email role status expiresAt createdAt invitedBy { id user { email } } }';
const INVITE = `mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { secret mailed ${INVITATION} } }`;
const RESEND = `mutation ($id: ID!) { resendInvitation(input: { id: $id }) { secret mailed ${INVITATION} } }`;
const REVOKE = `mutation ($id: ID!) { revokeInvitation(input: { id: $id }) { ${INVITATION} } }`;
const ACCEPT = `mutation ($secret: String!) {
  acceptInvitation(input: { secret: $secret }) { membership { id role tenantId tenant { id memberCount } user { email } } }
}`;
const DECLINE = 'mutation ($secret: String!) { declineInvitation(input: { secret: $secret }) { declined } }';

/** Whoever asks: a token is all that is needed of him. */
export type Bearer = { readonly token: string | null };

export type Invited = { readonly id: string; readonly secret: string };

/** The five mutations, as clients send them. */
export function createInvitationClient({ query }: Pick<Product, 'query'>) {
  const client = {
    invite: ({ token }: Bearer, email: string, role = 'MEMBER') => query(token, INVITE, { input: { email, role } }),
    resend: ({ token }: Bearer, { id }: Pick<Invited, 'id'>) => query(token, RESEND, { id }),
    revoke: ({ token }: Bearer, { id }: Pick<Invited, 'id'>) => query(token, REVOKE, { id }),
    accept: ({ token }: Bearer, { secret }: Pick<Invited, 'secret'>, headers?: Record<string, string>) =>
      query(token, ACCEPT, { secret }, headers),
    decline: ({ token }: Bearer, { secret }: Pick<Invited, 'secret'>, headers?: Record<string, string>) =>
      query(token, DECLINE, { secret }, headers),
    /** Invites, and fails where that fails. */
    invited: async (by: Bearer, email: string, role?: string) => toInvited(await client.invite(by, email, role)),
  };
  return client;
}

export type InvitationClient = ReturnType<typeof createInvitationClient>;

/** What an answer of inviteMember or resendInvitation gives. */
export function toInvited({ body, text }: Answer): Invited {
  const payload = body.data?.inviteMember ?? body.data?.resendInvitation;
  if (payload == null) throw new Error(`nobody was invited: ${text}`);
  return { id: payload.invitation.id, secret: payload.secret };
}

/** A user without a tenant whose address is proven by a code. */
export async function addProven(product: Product, email = toAddress()): Promise<Person> {
  const person = await addUser(product, email);
  await product.sql(`update users set email_proof = 'CODE' where id = $1`, [person.sub]);
  return person;
}

export function toAddress(): string {
  return `i-${randomUUID().slice(0, 8)}@guest.test`;
}

/** Lets the time of an invitation pass. */
export async function expire({ sql }: Product, { id }: Pick<Invited, 'id'>): Promise<void> {
  await sql(`update invitations set expires_at = now() - interval '1 second' where id = $1`, [id]);
}
