import type { Mistake } from './mistake.ts';

export const INDEXES: readonly Mistake[] = [
  {
    mistake: 'an index in which tenants are mixed',
    sql: 'create index notes_title_idx on notes (title)',
    line: 'Index "notes_title_idx" of "notes" holds the rows of all tenants in one order: put tenant_id into it.',
    mend: 'drop index notes_title_idx; create index notes_title_idx on notes (tenant_id, title)',
  },
  {
    mistake: 'a foreign key without an index',
    sql: `alter table notes add constraint notes_author_fkey foreign key (tenant_id, author_id) references memberships (tenant_id, id)`,
    line: 'Foreign key "notes_author_fkey" of "notes" has no index, so a change of "memberships" reads all of "notes": create index on "notes" (tenant_id, author_id).',
    mend: 'create index on "notes" (tenant_id, author_id)',
  },
  {
    mistake: 'a foreign key with an index of some rows only',
    sql: `alter table notes add constraint notes_author_fkey foreign key (tenant_id, author_id) references memberships (tenant_id, id);
          create index on notes (tenant_id, author_id) where title is not null`,
    line: 'Foreign key "notes_author_fkey" of "notes" has no index, so a change of "memberships" reads all of "notes": create index on "notes" (tenant_id, author_id).',
    mend: 'create index on "notes" (author_id, tenant_id, title)',
  },
  {
    mistake: 'an index of an enum',
    sql: 'create index notes_state_idx on notes (tenant_id, state, id)',
    line: `Index "notes_state_idx" of "notes" has the enum column "state", and is never used under row policies: create index … where state = '…', one for each value asked for.`,
    mend: `drop index notes_state_idx; create index on notes (tenant_id, id) where state = 'ACTIVE'`,
  },
];
