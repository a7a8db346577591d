import { type DomainContext, selfScope } from '../context.ts';
import { SESSION_COLUMNS, type Session } from './session.ts';

const OWN = {
  name: 'list-own-sessions',
  text: `select ${SESSION_COLUMNS} from sessions s
    where s.user_id = $1 and s.ended_at is null and s.authenticated_at > current_timestamp - $2::bigint * interval '1 millisecond'
    order by s.last_seen_at desc, s.id limit 100`,
};

/** Where the caller is signed in, the last seen first, at most 100. A machine is nowhere. */
export async function listOwnSessions(ctx: DomainContext): Promise<Session[]> {
  const scope = selfScope(ctx);
  if (scope === null) return [];
  // His own session may have been seen this very moment.
  await ctx.sessions.flush(ctx.database);
  return ctx.database.query<Session>(scope, OWN, [scope.userId, ctx.sessionMaxMs]);
}
