import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENTUALLY } from '../support/eventually.ts';
import { idsOf, toMachineClaims } from '../support/people.ts';
import { type Product, startBeside, startProduct } from '../support/product.ts';
import { withoutWriting } from '../support/tables.ts';

let product: Product;
let mia: string;
let ids: { readonly sub: string; readonly tenantId: string };

beforeAll(async () => {
  product = await startProduct({ app: { keepIntervalMs: 50 } });
  mia = await product.tokenOf('mia@acme.test');
  ids = await idsOf(product, 'mia@acme.test', 'acme');
});
afterAll(() => product[Symbol.asyncDispose]());

type Event = Readonly<Record<string, unknown>> & { readonly count: number };

/** What Acme's owner is shown of the refusals of a field, in the end. */
const denialsOf = async (field: string): Promise<readonly Event[]> => {
  const { body } = await product.query(
    await product.tokenOf('olivia@acme.test'),
    `{ auditEvents(action: "access.denied", first: 100) {
      nodes { tenantId actorId actorKind targetType targetId outcome reason requestId ip count changes }
    } }`,
  );
  return body.data.auditEvents.nodes.filter(({ targetId }: { targetId: string }) => targetId === field);
};

describe('a refusal', () => {
  it("is shown to the tenant's admins, with who was refused what and why", async () => {
    await product.query(mia, '{ tenants { totalCount } }', {}, { 'x-request-id': 'curious-1' });
    await expect
      .poll(() => denialsOf('Query.tenants'), EVENTUALLY)
      .toEqual([
        {
          tenantId: ids.tenantId,
          actorId: ids.sub,
          actorKind: 'USER',
          targetType: 'Query',
          targetId: 'Query.tenants',
          outcome: 'DENIED',
          reason: 'FORBIDDEN by directive: @auth(groups: ["Admins"])',
          requestId: 'curious-1',
          ip: '127.0.0.1',
          count: 1,
          changes: null,
        },
      ]);
  });

  it('of a verb says that, and nothing of what was sent', async () => {
    await product.query(mia, 'query ($id: ID!) { member(id: $id) { id } }', { id: 'mallory@acme.test' });
    await expect.poll(() => denialsOf('Query.member'), EVENTUALLY).toMatchObject([{ reason: 'NOT_FOUND by domain' }]);
    expect(JSON.stringify(await product.sql('select * from audit_events'))).not.toContain('mallory');
  });

  it('of another tenant by name is kept where the caller is from', async () => {
    const { tenantId } = await idsOf(product, 'gina@globex.test', 'globex');
    await product.query(mia, 'query ($id: ID) { tenant(id: $id) { id } }', { id: tenantId });
    await expect
      .poll(() => denialsOf('Query.tenant'), EVENTUALLY)
      .toMatchObject([{ tenantId: ids.tenantId, actorId: ids.sub }]);
  });

  it('is kept of a machine, too', async () => {
    const token = await product.pool.signToken(toMachineClaims(product, { tenant_id: ids.tenantId, scope: '' }));
    await product.query(token, '{ members { totalCount } }');
    await expect.poll(() => denialsOf('Query.members'), EVENTUALLY).toMatchObject([{ actorKind: 'MACHINE' }]);
  });

  it('comes to two events at most with all that are like it within the minute, when the product ends at the latest', async () => {
    const node = await startBeside(product, { app: { keepIntervalMs: 50 } });
    const since = Date.now();
    for (let count = 0; count < 40; count += 1) await node.query(mia, '{ users { totalCount } }');
    const minutes = Math.floor(Date.now() / 60_000) - Math.floor(since / 60_000) + 1;
    await node[Symbol.asyncDispose]();
    const events = await denialsOf('Query.users');
    expect(events.reduce((sum, { count }) => sum + count, 0)).toBe(40);
    expect(events.length).toBeLessThanOrEqual(2 * minutes);
  });

  it('is not written by its request', async () => {
    await using node = await startBeside(product, {});
    const { status } = await withoutWriting(product, () => node.query(mia, '{ users { totalCount } }'));
    expect(status).toBe(200);
  });
});
