/** Can the login role do anything before it has put on a reach, and is each reach nothing but that? */
export const ROLE_PROBLEMS = `
select format('The login role "%s" is a superuser or bypasses row policies: name another role in DATABASE_URL.', rolname)
from login where rolsuper or rolbypassrls
union all
select format('The login role "%s" owns table "%s" or can become its owner: name another role in DATABASE_URL.', l.rolname, t.relname)
from login l, relation t where not l.rolsuper and pg_has_role(l.oid, t.relowner, 'member')
union all
select format('The login role "%s" inherits "%s", so no statement need say its reach: run "npm run migrate".', l.rolname, r.rolname)
from login l, reach r where not l.rolsuper and pg_has_role(l.oid, r.oid, 'usage')
union all
select format('The role "%s" is missing: run "npm run migrate".', name)
from unnest($1::text[]) name
where exists (select from history) and not exists (select from reach where rolname = name)
union all
select format('The login role "%s" may not put on "%s": run "npm run migrate".', l.rolname, r.rolname)
from login l, reach r
where not pg_has_role(l.oid, r.oid, case when current_setting('server_version_num')::int < 160000 then 'member' else 'set' end)
union all
select format('The role "%s" is a superuser, bypasses row policies, may log in or is member of another role: take that from it.', rolname)
from reach r
where rolsuper or rolbypassrls or rolcanlogin or exists (select from pg_auth_members m where m.member = r.oid)`;
