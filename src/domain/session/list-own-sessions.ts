import { type DomainContext, selfScope } from '../context.ts';
import { SESSION_COLUMNS, type Session } from './session.ts';

const IN_FORCE = `s.user_id = $1 and s.ended_at is null
  and s.authenticated_at > current_timestamp - $2::bigint * interval '1 millisecond'`;

const OWN = {
  name: 'list-own-sessions',
  text: `select ${SESSION_COLUMNS} from sessions s
    where ${IN_FORCE} order by s.last_seen_at desc, s.id limit 100`,
};

const ONE = {
  name: 'find-own-session',
  text: `select ${SESSION_COLUMNS} from sessions s where ${IN_FORCE} and s.id = $3`,
};

/** Where the caller is signed in, the last seen first, at most 100. A machine is nowhere. */
export async function listOwnSessions(ctx: DomainContext): Promise<Session[]> {
  const scope = selfScope(ctx);
  if (scope === null) return [];
  // His own session may have been seen this very moment.
  await ctx.sessions.flush(ctx.database);
  return ctx.database.query<Session>(scope, OWN, [scope.userId, ctx.sessionMaxMs]);
}

/** The same, one of them; null where the caller has none of that name, or it was not seen. */
export async function findOwnSession(ctx: DomainContext, id: string): Promise<Session | null> {
  const scope = selfScope(ctx);
  if (scope === null) return null;
  await ctx.sessions.flush(ctx.database);
  const [session] = await ctx.database.query<Session>(scope, ONE, [scope.userId, ctx.sessionMaxMs, id]);
  return session ?? null;
}
