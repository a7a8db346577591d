import pg from 'pg';
import { StartupError } from '../../errors.ts';
import { REACH_ROLES } from '../scope.ts';
import { withOwner } from './owner.ts';

export type Login = { readonly name: string; readonly password: string };

/**
 * Makes `login` the role the service signs in as: created when absent, able to put on every reach and inheriting none,
 * granted nothing else. The password of a role that is there already stays as it is. PostgreSQL 15 or newer; the owner
 * is a superuser or has CREATEROLE and the admin option on the reaches. Throws StartupError.
 */
export async function grantReach(options: { readonly ownerUrl: string; readonly login: Login }): Promise<void> {
  const { name, password } = options.login;
  const role = pg.escapeIdentifier(name);
  await withOwner(options.ownerUrl, async (owner) => {
    const { rows } = await owner.query<Standing>(STANDING, [name]);
    const [standing] = rows;
    if (standing === undefined) throw new Error('the server did not say who it is');
    if (standing.is_powerful) {
      throw new StartupError(
        `The login role "${name}" is the owner, a superuser or bypasses row policies: name a role of its own in DATABASE_URL.`,
      );
    }
    const create = `create role ${role} login noinherit password ${pg.escapeLiteral(password)}`;
    const reaches = REACH_ROLES.map(pg.escapeIdentifier).join(', ');
    const statements = [
      ...(standing.exists ? [] : [create]),
      ...(standing.inherits ? [`alter role ${role} noinherit`] : []),
      // From PostgreSQL 16 on a grant itself says whether it inherits; before, only the role does.
      `grant ${reaches} to ${role}${standing.version >= 160_000 ? ' with inherit false, set true' : ''}`,
      `grant connect on database ${pg.escapeIdentifier(standing.database)} to ${role}`,
    ];
    await owner.query(`begin; ${statements.join('; ')}; commit`);
  });
}

/** Who a connection URL signs in as. Throws StartupError when it names nobody. */
export function toLogin(url: string): Login {
  const { username, password } = URL.parse(url) ?? {};
  if (!username) {
    throw new StartupError('The URL of the database names no user: postgresql://user:password@host/database.');
  }
  return { name: decodeURIComponent(username), password: decodeURIComponent(password ?? '') };
}

type Standing = {
  readonly version: number;
  readonly database: string;
  readonly exists: boolean;
  readonly inherits: boolean;
  readonly is_powerful: boolean;
};

const STANDING = `
  select current_setting('server_version_num')::int as version, current_database() as database,
    count(*) > 0 as exists, coalesce(bool_or(rolinherit), false) as inherits,
    coalesce(bool_or(rolname = current_user or rolsuper or rolbypassrls), false) as is_powerful
  from pg_roles where rolname = $1`;
