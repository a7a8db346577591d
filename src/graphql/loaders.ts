import DataLoader from 'dataloader';
import type { DomainContext } from '../domain/context.ts';
import { loadTenants, type Tenant } from '../domain/tenant/index.ts';
import { loadUsers, type User } from '../domain/user/index.ts';
import type { Scope } from '../store/scope.ts';

type ById<Row> = (scope: Scope, id: string) => Promise<Row | null>;

/** Rows by id within one request. Ids meet in a batch only when they are read under the same scope. */
export type Loaders = { readonly user: ById<User>; readonly tenant: ById<Tenant> };

export function createLoaders(domain: DomainContext): Loaders {
  return { user: byId(domain, loadUsers), tenant: byId(domain, loadTenants) };
}

type Load<Row> = (domain: DomainContext, scope: Scope, ids: readonly string[]) => Promise<readonly Row[]>;

function byId<Row extends { readonly id: string }>(domain: DomainContext, load: Load<Row>): ById<Row> {
  const loaders = new Map<string, DataLoader<string, Row | null>>();
  return (scope, id) => {
    const key = `${scope.reach}:${scope.tenantId}:${scope.userId}`;
    const known = loaders.get(key);
    const loader = known ?? new DataLoader((ids) => loadInOrder(domain, load, scope, ids));
    if (known === undefined) loaders.set(key, loader);
    return loader.load(id);
  };
}

async function loadInOrder<Row extends { readonly id: string }>(
  domain: DomainContext,
  load: Load<Row>,
  scope: Scope,
  ids: readonly string[],
): Promise<(Row | null)[]> {
  const rows = new Map((await load(domain, scope, ids)).map((row) => [row.id, row]));
  return ids.map((id) => rows.get(id) ?? null);
}
