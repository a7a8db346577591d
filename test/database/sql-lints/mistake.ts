/** A table as it should be, to spoil. */
export const NOTES = `
  create table notes (
    tenant_id uuid not null references tenants (id), id uuid not null, author_id uuid, title text, state "TenantStatus",
    primary key (tenant_id, id)
  );
  call hold_to_tenant('notes');`;

/** One mistake planted in it. */
export type Mistake = {
  readonly mistake: string;
  readonly sql: string;
  /** The one line that tells of it. */
  readonly line: string;
  /** What the line says to write. */
  readonly mend: string;
};
