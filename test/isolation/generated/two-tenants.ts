import type { MembershipRole } from '../../../src/identity/principal.ts';
import { addMembership, addTenant, addUser } from '../../support/people.ts';
import type { Product } from '../../support/product.ts';
import { HOMES, type Home, type Row, toRow } from './home.ts';
import { FACTS } from './subject.ts';

/** Two tenants that have the same: people in every role, and rows in every table. */
export type World = {
  readonly product: Product;
  readonly tenantIds: Readonly<Record<Home, string>>;
  readonly rows: readonly Row[];
  /** The id of a row of this type within the tenant: its first, which belongs to nobody who calls. */
  readonly idOf: (type: string, home: Home) => string;
  /** A new user with a place in each of these tenants; gives the user's id. */
  readonly addPerson: (name: string, home: Home, places: Places) => Promise<string>;
};

type Places = ReadonlyMap<Home, MembershipRole>;

export async function furnish(product: Product): Promise<World> {
  const tenantIds = { north: await addTenant(product, 'north-house'), south: await addTenant(product, 'south-house') };
  const rows = HOMES.map((home) => toRow('Tenant', home, tenantIds[home], `${home}-house`));
  const world: World = {
    product,
    tenantIds,
    rows,
    idOf: (type, home) => idOf(rows, type, home),
    addPerson: async (name, home, places) => {
      const [profile, ...others] = await addPerson(
        product,
        `${name.replaceAll(' ', '-')}@${home}.test`,
        tenantIds,
        places,
      );
      rows.push(profile, ...others);
      return profile.id;
    },
  };
  for (const home of HOMES) {
    await world.addPerson('bystander', home, new Map([[home, 'MEMBER']]));
    // So that an owner who calls is not the last.
    await world.addPerson('other owner', home, new Map([[home, 'OWNER']]));
    const membershipId = world.idOf('Membership', home);
    rows.push(...(await FACTS.addRows({ product, home, tenantId: tenantIds[home], membershipId })));
  }
  return world;
}

function idOf(rows: readonly Row[], type: string, home: Home): string {
  const row = rows.find((it) => it.type === type && it.homes.includes(home));
  if (row === undefined) throw new Error(`${home} has no ${type}: add one where the tenants are furnished`);
  return row.id;
}

async function addPerson(
  product: Product,
  address: string,
  tenantIds: World['tenantIds'],
  places: Places,
): Promise<readonly [Row, ...Row[]]> {
  const { sub, email } = await addUser(product, address);
  // A name that says whose it is, wherever it is shown.
  await product.sql('update users set display_name = email where id = $1', [sub]);
  const profile = { type: 'User', id: sub, homes: [...places.keys()], subject: sub, marks: [sub, email] };
  const memberships = [...places].map(async ([home, role]) => {
    const id = await addMembership(product, { sub, email }, tenantIds[home], role);
    return { ...toRow('Membership', home, id), subject: sub };
  });
  return [profile, ...(await Promise.all(memberships))];
}

/** Tables whose rows belong to tenants, but not to each of these. */
export async function findTablesWithoutBoth({ product: { sql }, tenantIds }: World): Promise<readonly string[]> {
  const tables = await sql<{ readonly name: string }>(
    `select table_name as name from information_schema.columns
     where table_schema = 'public' and column_name = 'tenant_id'`,
  );
  const counted = tables.map(async ({ name }) => {
    const count = `select count(distinct tenant_id)::int as count from "${name}" where tenant_id = any($1)`;
    const [row] = await sql<{ readonly count: number }>(count, [Object.values(tenantIds)]);
    return { name, count: row?.count };
  });
  return (await Promise.all(counted)).filter(({ count }) => count !== HOMES.length).map(({ name }) => name);
}
