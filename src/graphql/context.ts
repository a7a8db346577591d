import type { DomainContext } from '../domain/context.ts';
import { unauthenticated } from '../errors.ts';
import type { Principal } from '../identity/principal.ts';
import type { Logger } from '../observability/logger.ts';
import type { RequestRecord } from '../observability/request-record.ts';
import { createLoaders, type LoaderDefinitions, type Loaders } from './loaders.ts';

/** What every resolver is handed. One per request. */
export type GraphQLContext = {
  /** Null for a stranger, who was let in for `@public` fields alone. */
  readonly principal: Principal | null;
  readonly requestId: string;
  /** The instant the request is judged at, so that one request never sees two. */
  readonly now: Date;
  readonly log: Logger;
  readonly record: RequestRecord;
  /** What verbs are called with. Throws UNAUTHENTICATED for a stranger. */
  readonly domain: DomainContext;
  /** Rows by id, batched within the request. Throws UNAUTHENTICATED for a stranger. */
  readonly loaders: Loaders;
};

export function createCallerContext(
  domain: DomainContext,
  loaders: LoaderDefinitions,
  now: Date,
  record: RequestRecord,
): GraphQLContext {
  const { principal, requestId, log } = domain;
  return { principal, requestId, now, log, record, domain, loaders: createLoaders(domain, loaders) };
}

/** A context in which nothing but `@public` fields can be answered, whatever a resolver tries. */
export function createStrangerContext(
  requestId: string,
  now: Date,
  log: Logger,
  record: RequestRecord,
): GraphQLContext {
  return {
    principal: null,
    requestId,
    now,
    log,
    record,
    get domain(): never {
      throw unauthenticated('a stranger reached a ruled resolver');
    },
    get loaders(): never {
      throw unauthenticated('a stranger reached a ruled resolver');
    },
  };
}
