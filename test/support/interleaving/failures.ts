import { randomUUID } from 'node:crypto';
import { type DomainContext, tenantScope } from '../../../src/domain/context.ts';
import type { Transaction } from '../../../src/store/database.ts';
import type { Statement } from '../../../src/store/scoped-query.ts';

type Failing = { readonly statement: Statement; readonly values?: readonly string[] };

const SLOW = 'select pg_sleep(5)::text from memberships';

const READS: Readonly<Record<string, Failing>> = {
  parse: { statement: { name: 'fail-parse', text: 'selekt' } },
  bind: { statement: { name: 'fail-bind', text: 'select $1::uuid' }, values: ['no id'] },
  run: { statement: { name: 'fail-run', text: 'select 1 / (select 0) from memberships' } },
  slow: { statement: { name: 'fail-slow', text: SLOW } },
};

type Write = (tx: Transaction, place: { readonly tenantId: string; readonly userId: string }) => Promise<unknown>;

const join: Write = (tx, place) => tx.membership.create({ data: { ...place, role: 'OWNER' } });

const WRITES: Readonly<Record<string, Write>> = {
  unique: join,
  'foreign row': join,
  'foreign key': (tx, { tenantId }) => join(tx, { tenantId, userId: randomUUID() }),
  // A good statement before it, so that there is something to undo.
  'slow transaction': async (tx, { tenantId }) => {
    await tx.tenant.updateMany({ where: { id: tenantId }, data: { name: 'undone' } });
    await tx.$queryRawUnsafe(SLOW);
  },
};

/** Fails in the way named. `tenantId`: another tenant's, into which `foreign row` tries to write the caller. */
export async function failAs(
  { principal, database }: DomainContext,
  { as, tenantId }: { readonly as: string; readonly tenantId: string },
): Promise<boolean> {
  const scope = tenantScope({ principal });
  const read = READS[as];
  if (read !== undefined) await database.query(scope, read.statement, read.values);
  const write = WRITES[as];
  const place = { tenantId: as === 'foreign row' ? tenantId : scope.tenantId, userId: principal.subject };
  if (write !== undefined) await database.transaction(scope, (tx) => write(tx, place));
  return true;
}
