import type { Mistake } from './mistake.ts';

export const KEYS: readonly Mistake[] = [
  {
    mistake: 'a primary key over all tenants',
    sql: 'alter table notes drop constraint notes_pkey, add primary key (id); create index on notes (tenant_id)',
    line: 'The primary key of "notes" is unique over all tenants, and so tells what others have: begin it with tenant_id.',
    mend: 'alter table notes drop constraint notes_pkey, add primary key (tenant_id, id)',
  },
  {
    mistake: 'a unique constraint over all tenants',
    sql: 'alter table notes add constraint notes_title_key unique (title)',
    line: 'Index "notes_title_key" of "notes" is unique over all tenants, and so tells what others have: begin it with tenant_id.',
    mend: 'alter table notes drop constraint notes_title_key, add constraint notes_title_key unique (tenant_id, title)',
  },
  {
    mistake: 'a unique index over all tenants, of an expression',
    sql: 'create unique index notes_title_idx on notes (lower(title), tenant_id)',
    line: 'Index "notes_title_idx" of "notes" is unique over all tenants, and so tells what others have: begin it with tenant_id.',
    mend: 'drop index notes_title_idx; create unique index notes_title_idx on notes (tenant_id, lower(title))',
  },
  {
    mistake: 'a unique index of tenants beside the slug',
    sql: 'create unique index tenants_name_key on tenants (name)',
    line: 'Index "tenants_name_key" of "tenants" is unique over all tenants, and so tells what others have: begin it with id.',
    mend: 'drop index tenants_name_key',
  },
  {
    mistake: 'a foreign key to a row of whichever tenant',
    sql: `alter table notes add unique (tenant_id, title), add column parent_id uuid,
          add constraint notes_parent_fkey foreign key (parent_id, author_id) references notes (tenant_id, id);
          create index on notes (parent_id, author_id, tenant_id)`,
    line: 'Foreign key "notes_parent_fkey" of "notes" leads to rows of another tenant: foreign key (tenant_id, …) references "notes" (tenant_id, …).',
    mend: `alter table notes drop constraint notes_parent_fkey,
           add constraint notes_parent_fkey foreign key (tenant_id, parent_id) references notes (tenant_id, id);
           create index on notes (tenant_id, parent_id)`,
  },
  {
    mistake: "a foreign key to a tenant other than the row's own",
    sql: `alter table notes add column lent_to uuid constraint notes_lent_to_fkey references tenants (id);
          create index on notes (lent_to, tenant_id)`,
    line: 'Foreign key "notes_lent_to_fkey" of "notes" leads to rows of another tenant: foreign key (tenant_id, …) references "tenants" (id, …).',
    mend: 'alter table notes drop constraint notes_lent_to_fkey',
  },
  {
    mistake: 'a table that belongs to a tenant by another name',
    sql: `create table drafts (owner uuid not null constraint drafts_owner_fkey references tenants (id));
          alter table drafts enable row level security, force row level security`,
    line: 'Foreign key "drafts_owner_fkey" of "drafts" leads to rows of another tenant: foreign key (tenant_id, …) references "tenants" (id, …).',
    mend: `alter table drafts rename owner to tenant_id; alter table drafts add primary key (tenant_id);
           call hold_to_tenant('drafts')`,
  },
];
