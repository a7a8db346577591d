import {
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { expect } from 'vitest';
import { DEMO_TENANTS, DEMO_USERS } from '../../local/seed/demo.ts';
import { type Product, startProduct } from './product.ts';

let started: Promise<SharedProduct> | undefined;

type SharedProduct = { readonly product: Product; demo: Demo };
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
  // Where it did not start, the file that asked for it has failed by that.
  const shared = await started?.catch(() => undefined);
  if (shared === undefined) return;
  const before = shared.demo;
  // Only the file that changed them fails, and none of those after it.
  shared.demo = await readDemo(shared.product);
  expect(shared.demo, 'a test changed the demo data: create tenants and users of its own').toEqual(before);
}

async function start(): Promise<SharedProduct> {
  // Tests send many requests at once, and each waits its turn for a connection, however busy the machine is.
  const product = await startProduct({ overrides: { timings: { database: { connectTimeoutMs: 30_000 } } } });
  return { product, demo: await readDemo(product) };
}

async function readDemo(product: Product): Promise<Demo> {
  const emails = DEMO_USERS.map(({ email }) => email);
  const rows = await product.sql(DEMO_ROWS, [Object.keys(DEMO_TENANTS), emails]);
  return { rows, poolUsers: await Promise.all(emails.map((email) => findPoolUser(product, email))) };
}

/** The user with their groups and second factor; null when the pool has no user with this address. */
async function findPoolUser({ sdk, pool }: Product, Username: string): Promise<object | null> {
  const user = { UserPoolId: pool.poolId, Username };
  try {
    const { $metadata: _, ...details } = await sdk.send(new AdminGetUserCommand(user));
    const { Groups = [] } = await sdk.send(new AdminListGroupsForUserCommand(user));
    return { ...details, groups: Groups.map(({ GroupName }) => GroupName) };
  } catch (error) {
    if (error instanceof UserNotFoundException) return null;
    throw error;
  }
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
  -- A job would purge these while a later test counts what is written.
  union all select 'due for purge', to_jsonb(t) from tenants t where t.status = 'DELETING' and t.purge_after <= now()
  order by 1, 2`;
