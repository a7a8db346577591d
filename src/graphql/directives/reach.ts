import type { GraphQLResolveInfo } from 'graphql';
import type { DeclaredReach } from '../../access/tenant-scope.ts';
import type { Reach } from '../../store/scope.ts';
import { scopeReadUnder } from './row-ownership.ts';

type Path = GraphQLResolveInfo['path'];

// Keyed by the executor's own path objects, which are new for every field of every execution: a row or a container that
// several fields share cannot carry the reach of one to another.
const reaches = new WeakMap<Path, Reach>();

/**
 * The widest reach the rows of this field may have been read under: what the field declares, or else its source's: the
 * reach a row was read under itself, or that of the field which returned the container. TENANT where nothing says more.
 */
export function reachOf(declared: DeclaredReach | null, source: unknown, info: GraphQLResolveInfo): Reach {
  if (declared) return declared;
  return scopeReadUnder(source)?.reach ?? recordedReach(toFieldPath(info.path.prev)) ?? 'TENANT';
}

/** Hands this field's reach on to what reads below it without a stamp of its own. */
export function recordReach(info: GraphQLResolveInfo, reach: Reach): void {
  reaches.set(info.path, reach);
}

export function recordedReach(path: Path | undefined): Reach | undefined {
  return path && reaches.get(path);
}

/** The field that an item's path leads to: between them is one step for each list it passes through. */
export function toFieldPath(path: Path | undefined): Path | undefined {
  let at = path;
  while (at && typeof at.key === 'number') at = at.prev;
  return at;
}
