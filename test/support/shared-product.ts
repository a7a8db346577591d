import { ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider';
import { expect } from 'vitest';
import { DEMO_TENANTS, DEMO_USERS } from '../../local/seed/demo.ts';
import { type Product, startProduct } from './product.ts';

let started: Promise<SharedProduct> | undefined;

type SharedProduct = { readonly product: Product; readonly demo: Demo };
type Demo = { readonly rows: unknown; readonly poolUsers: unknown };

/**
 * The product with default options that all test files of this worker share. The worker keeps it until it ends; a file
 * does not dispose of it. Demo tenants and users are read only: a test creates the tenants and users that it changes.
 */
export async function getSharedProduct(): Promise<Product> {
  started ??= start();
  return (await started).product;
}

/** Throws when a test has changed a demo tenant or user, which the files after it rely on. */
export async function assertDemoUnchanged(): Promise<void> {
  if (started === undefined) return;
  const { product, demo } = await started;
  expect(await readDemo(product), 'a test changed the demo data: create tenants and users of its own').toEqual(demo);
}

async function start(): Promise<SharedProduct> {
  const product = await startProduct();
  return { product, demo: await readDemo(product) };
}

async function readDemo({ sql, sdk, pool }: Product): Promise<Demo> {
  const emails = DEMO_USERS.map(({ email }) => email);
  const rows = await sql(DEMO_ROWS, [Object.keys(DEMO_TENANTS), emails]);
  const { Users = [] } = await sdk.send(new ListUsersCommand({ UserPoolId: pool.poolId }));
  const isDemo = (attributes: (typeof Users)[number]['Attributes']) =>
    attributes?.some(({ Name, Value = '' }) => Name === 'email' && emails.includes(Value)) ?? false;
  return { rows, poolUsers: Users.filter(({ Attributes }) => isDemo(Attributes)) };
}

const DEMO_ROWS = `
  with demo_tenants as (select * from tenants where slug = any($1)),
    demo_users as (select * from users where email = any($2)),
    tenant_ids as (select id from demo_tenants),
    user_ids as (select id from demo_users)
  select 'tenants' as table, to_jsonb(t) as row from demo_tenants t
  union all select 'users', to_jsonb(u) from demo_users u
  union all select 'memberships', to_jsonb(m) from memberships m
    where m.tenant_id in (select * from tenant_ids) or m.user_id in (select * from user_ids)
  union all select 'tenant_domains', to_jsonb(d) from tenant_domains d where d.tenant_id in (select * from tenant_ids)
  union all select 'invitations', to_jsonb(i) from invitations i where i.tenant_id in (select * from tenant_ids)
  union all select 'app_clients', to_jsonb(c) from app_clients c where c.tenant_id in (select * from tenant_ids)
  union all select 'cutoffs', to_jsonb(c) from cutoffs c
    where c.of_tenant in (select * from tenant_ids) or c.of_user in (select * from user_ids)
  order by 1, 2`;
