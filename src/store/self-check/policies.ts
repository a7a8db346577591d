import pg from 'pg';

type Form = {
  readonly role: string;
  readonly whose: string;
  /** Of an expression as PostgreSQL 15 to 18 write it out, in one line; %1$s is the table's tenant column. */
  readonly pattern: string;
  /** The condition to write. */
  readonly sql: string;
};

const settingOf = (name: string) =>
  String.raw`\( SELECT \(?NULLIF\(current_setting\('app\.${name}'::text, true\), ''::text\)(\)::uuid)? AS "nullif"\)`;
const ownTenants = String.raw`ANY \(ARRAY\( SELECT m\.tenant_id FROM (public\.)?memberships m WHERE \(m\.user_id = ${settingOf('user_id')}\)\)\)`;

// Alone, or first among conditions that must all hold: whatever else an expression is, it opens with other parentheses.
const beginsWith = (condition: string) => `^\\((${condition}|\\(${condition}\\) AND .*)\\)$`;

const FORMS: readonly Form[] = [
  {
    role: 'tenantry_tenant',
    whose: 'tenant',
    pattern: beginsWith(`%1$s = ${settingOf('tenant_id')}`),
    sql: "%1$s = (select nullif(current_setting('app.tenant_id', true), '')::uuid)",
  },
  {
    role: 'tenantry_self',
    whose: 'caller',
    pattern: beginsWith(`(\\w+ = ${settingOf('user_id')}|%1$s = ${ownTenants})`),
    sql: "%1$s = any (array(select m.tenant_id from memberships m where m.user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)))",
  },
];

const toRow = ({ role, whose, pattern, sql }: Form) =>
  `(${[role, whose, pattern, sql].map(pg.escapeLiteral).join(', ')})`;

/** Has every tenant table its policies, and does each hold to the tenant or the caller, at no cost for every row? */
export const POLICY_PROBLEMS = `
select format('Table "%s" is without forced row policies: %s.', relname, case
  when tenant_column = 'tenant_id' and not is_of_platform then format('call hold_to_tenant(''%I'')', relname)
  else format('alter table "%s" enable row level security, force row level security', relname) end)
from relation
where relkind in ('r', 'p') and relname <> '_prisma_migrations' and not (relrowsecurity and relforcerowsecurity)
union all
select format('Table "%s" has no policy for %s: call hold_to_tenant(''%I'').', t.relname, string_agg(r.rolname, ', ' order by r.rolname), t.relname)
from tenant_table t, reach r
where t.relrowsecurity and t.relforcerowsecurity
  and not exists (select from policy p where p.polrelid = t.oid and p.polpermissive and r.oid = any(p.polroles))
group by t.relname
union all
select format('Policy "%s" on "%s" opens its rows to every role: name the reach it is for.', polname, relname)
from policy where polpermissive and 0 = any(polroles)
union all
select format('Policy "%s" on "%s" does not hold "%s" to the %s: begin its "%s" with %s, and go on with "and".',
  p.polname, t.relname, r.rolname, form.whose, clause.word, format(form.sql, t.tenant_column))
from tenant_table t
  join policy p on p.polrelid = t.oid and p.polpermissive
  join reach r on r.oid = any(p.polroles)
  join (values ${FORMS.map(toRow).join(', ')}) form (role, whose, pattern, sql) on form.role = r.rolname
  cross join lateral (values ('using', p.polqual), ('with check', p.polwithcheck)) clause (word, expression)
where regexp_replace(pg_get_expr(clause.expression, t.oid), '\\s+', ' ', 'g') !~ format(form.pattern, t.tenant_column)
union all
select format('Policy "%s" on "%s" lets "%s" write, which only reads across tenants: create it for select.', p.polname, p.relname, r.rolname)
from policy p join reach r on r.oid = any(p.polroles)
where r.rolname = 'tenantry_platform' and p.polpermissive and p.polcmd <> 'r'
union all
select distinct format('Policy "%s" on "%s" calls %s, which is volatile and would run for every row: use a stable function.',
  polname, relname, f.oid::regprocedure)
from policy
  cross join regexp_matches(concat(polqual::text, polwithcheck::text), ':(?:opfuncid|funcid) (\\d+)', 'g') called
  join pg_proc f on f.oid = called[1]::oid
where f.provolatile = 'v'`;
