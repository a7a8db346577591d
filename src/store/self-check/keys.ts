/** Do keys hold rows to their tenant? They are checked past row policies, so any other tells what other tenants have. */
export const KEY_PROBLEMS = `
select format('Table "%s" has rows without a tenant: alter table "%s" alter column tenant_id set not null.', relname, relname)
from tenant_table where not tenant_is_set and not is_of_platform
union all
select format('%s of "%s" is unique over all tenants, and so tells what others have: begin it with %s.',
  case when indisprimary then 'The primary key' else format('Index "%s"', name) end, relname, tenant_column)
from tenant_index
where (indisunique or indisexclusion) and indkey[0] <> tenant_key and not is_of_platform
union all
select format('Foreign key "%s" of "%s" leads to rows of another tenant: foreign key (tenant_id, …) references "%s" (%s, …).',
  k.conname, child.relname, parent.relname, parent.tenant_column)
from pg_constraint k
  join relation child on child.oid = k.conrelid
  join tenant_table parent on parent.oid = k.confrelid
where k.contype = 'f' and k.conparentid = 0
  and not exists (
    select from unnest(k.conkey, k.confkey) pair (own, theirs)
    where pair.own = child.tenant_key and pair.theirs = parent.tenant_key)`;
