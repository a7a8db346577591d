import pg from 'pg';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type AppProcess, startAppProcess } from '../support/app-process.ts';
import { EVENTUALLY } from '../support/eventually.ts';
import { addUser } from '../support/people.ts';
import { type Product, toOptions } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';

let product: Product;
beforeAll(async () => {
  product = await getSharedProduct();
});

function startNode(): Promise<AppProcess> {
  const { log: _, ...options } = toOptions(product.pool, product.database);
  return startAppProcess(options);
}

const CREATE = 'mutation ($slug: String!) { createTenant(input: { name: "Torn", slug: $slug }) { tenant { id } } }';

async function create({ url }: AppProcess, token: string, slug: string): Promise<boolean> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const body = JSON.stringify({ query: CREATE, variables: { slug } });
  const text = await fetch(`${url}/graphql`, { method: 'POST', headers, body }).then(
    (response) => response.text(),
    () => '',
  );
  return text.startsWith('{"data":{"createTenant":{"tenant":{"id"');
}

/** Tenants of this prefix, each with what must have been written with it. */
const tenantsLike = (prefix: string) =>
  product.sql<{ slug: string; counted: number; owners: number; audited: number }>(
    `select slug, member_count as counted,
      (select count(*)::int from memberships m where m.tenant_id = t.id and m.role = 'OWNER') as owners,
      (select count(*)::int from audit_events a where a.target_id = t.id::text and a.action = 'tenant.create') as audited
     from tenants t where slug like $1`,
    [`${prefix}%`],
  );

describe('kill -9 in a mutation', () => {
  it('leaves nothing of one that had written half', async () => {
    const { token } = await addUser(product);
    const owner = new pg.Client({ connectionString: product.database.ownerUrl });
    await owner.connect();
    await owner.query('begin');
    await owner.query('lock table audit_events in exclusive mode');
    const node = await startNode();
    const lost = create(node, token, 'half-written');
    await vi.waitFor(async () => expect(await waitingFor('audit_events')).toBe(1), EVENTUALLY);
    await node.kill();
    expect(await lost).toBe(false);
    await owner.end();
    await vi.waitFor(async () => expect(await waitingFor('audit_events')).toBe(0), EVENTUALLY);
    expect(await tenantsLike('half-written')).toEqual([]);
  });

  it.each([1, 2])('among many, time %i, leaves each whole or not at all, and whole what was answered', async (time) => {
    const { token } = await addUser(product);
    const node = await startNode();
    const answered: string[] = [];
    const loops = Array.from({ length: 4 }, async (_, caller) => {
      for (let turn = 0; turn < 1_000; turn += 1) {
        const slug = `killed-${time}-${caller}-${turn}`;
        if (!(await create(node, token, slug))) return;
        answered.push(slug);
      }
    });
    await vi.waitFor(() => expect(answered.length).toBeGreaterThan(8), EVENTUALLY);
    await node.kill();
    await Promise.all(loops);

    const tenants = await tenantsLike(`killed-${time}-`);
    expect(tenants.map(({ slug }) => slug)).toEqual(expect.arrayContaining(answered));
    for (const tenant of tenants) expect(tenant).toMatchObject({ counted: 1, owners: 1, audited: 1 });
  });

  const waitingFor = async (table: string) =>
    (await product.sql('select from pg_locks where relation = $1::regclass and not granted', [table])).length;
});
