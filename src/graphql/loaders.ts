import DataLoader from 'dataloader';
import { type CallerDomain, toCallerDomain } from '../domain/caller-domain.ts';
import type { DomainContext } from '../domain/context.ts';
import { loadMemberships } from '../domain/membership/index.ts';
import { loadTenants } from '../domain/tenant/index.ts';
import { loadTenantDomains } from '../domain/tenant-domain/index.ts';
import { loadUsers } from '../domain/user/index.ts';
import type { Scope } from '../store/scope.ts';

/** What stands under each of the keys, in their order, as far as the scope reaches. */
export type LoadInOrder<Value> = (
  domain: CallerDomain,
  scope: Scope,
  keys: readonly string[],
) => Promise<readonly Value[]>;

/** Rows of many keys in one read, in no order. */
export type LoadRows<Row> = (domain: CallerDomain, scope: Scope, keys: readonly string[]) => Promise<readonly Row[]>;

export type LoaderDefinitions = Readonly<Record<string, LoadInOrder<unknown>>>;

export type LoadersOf<Definitions extends LoaderDefinitions> = {
  readonly [Name in keyof Definitions]: Definitions[Name] extends LoadInOrder<infer Value>
    ? (scope: Scope, key: string) => Promise<Value>
    : never;
};

/** For a noun that is fetched by its id; null where no row has it. */
export function byId<Row extends { readonly id: string }>(load: LoadRows<Row>): LoadInOrder<Row | null> {
  return async (domain, scope, ids) => {
    const rows = new Map((await load(domain, scope, ids)).map((row) => [row.id, row]));
    return ids.map((id) => rows.get(id) ?? null);
  };
}

/** For the rows that hang on another: those whose `keyOf` is the key, in the order they were read. */
export function listBy<Row>(load: LoadRows<Row>, keyOf: (row: Row) => string): LoadInOrder<readonly Row[]> {
  return async (domain, scope, keys) => {
    const rows = Map.groupBy(await load(domain, scope, keys), keyOf);
    return keys.map((key) => rows.get(key) ?? []);
  };
}

export const LOADERS = {
  user: byId(loadUsers),
  tenant: byId(loadTenants),
  membership: byId(loadMemberships),
  domainsOfTenant: listBy(loadTenantDomains, ({ tenantId }) => tenantId),
} satisfies LoaderDefinitions;

/** Rows by key within one request. Keys meet in a batch only when they are read under the same scope. */
export type Loaders = LoadersOf<typeof LOADERS>;

/** The loaders of one request: Tenantry's own, and those of modules beside them. */
export function createLoaders(domain: DomainContext, definitions: LoaderDefinitions): Loaders {
  const loaders = Object.entries(definitions).map(([name, load]) => [name, createLoader(domain, load)]);
  // Joined by modules/, which lets no definition take the name of one of these.
  return Object.fromEntries(loaders) as Loaders;
}

function createLoader<Value>(domain: DomainContext, load: LoadInOrder<Value>) {
  const byScope = new Map<string, DataLoader<string, Value>>();
  return (scope: Scope, key: string): Promise<Value> => {
    const name = `${scope.reach}:${scope.tenantId}:${scope.userId}`;
    const known = byScope.get(name);
    const loader = known ?? new DataLoader<string, Value>((keys) => load(toCallerDomain(domain), scope, keys));
    if (known === undefined) byScope.set(name, loader);
    return loader.load(key);
  };
}
