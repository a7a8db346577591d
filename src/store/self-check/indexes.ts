/** Will the database find a tenant's rows without reading those of the others? */
export const INDEX_PROBLEMS = `
select format('Index "%s" of "%s" holds the rows of all tenants in one order: put %s into it.', name, relname, tenant_column)
from tenant_index
where tenant_key <> all(indkey::int2[]) and not indisunique and not is_of_platform
union all
select format('Foreign key "%s" of "%s" has no index, so a change of "%s" reads all of "%s": create index on "%s" (%s).',
  k.conname, t.relname, parent.relname, t.relname, t.relname,
  (select string_agg(quote_ident(a.attname), ', ' order by place)
   from unnest(k.conkey) with ordinality key (attnum, place)
     join pg_attribute a on a.attrelid = t.oid and a.attnum = key.attnum))
from pg_constraint k join tenant_table t on t.oid = k.conrelid join relation parent on parent.oid = k.confrelid
where k.contype = 'f' and k.conparentid = 0
  and not exists (
    select from pg_index i
    where i.indrelid = t.oid and i.indisvalid and i.indpred is null
      and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)
union all
-- The comparison of an enum is not leakproof, so row policies must come before it and the index is passed over.
select format('Index "%s" of "%s" has the enum column "%s", and is never used under row policies: create index … where %s = ''…'', one for each value asked for.',
  i.name, i.relname, a.attname, a.attname)
from tenant_index i
  join pg_attribute a on a.attrelid = i.indexrelid and a.attnum <= i.indnkeyatts
  join pg_type y on y.oid = a.atttypid
where y.typtype = 'e' and not i.indisunique`;
