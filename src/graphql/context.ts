import type { Denial, DenialBook } from '../domain/audit-trail/index.ts';
import type { DomainContext } from '../domain/context.ts';
import { unauthenticated } from '../errors.ts';
import type { TenantRules } from '../identity/cutoffs.ts';
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
  /** What holds in the tenant of the token; null where it is open and asks for nothing. */
  readonly tenantRules: TenantRules | null;
  readonly log: Logger;
  readonly record: RequestRecord;
  /** Takes down for the audit trail what the caller was refused. */
  readonly noteDenial: (denial: Denial) => void;
  /** What verbs are called with. Throws UNAUTHENTICATED for a stranger. */
  readonly domain: DomainContext;
  /** Rows by id, batched within the request. Throws UNAUTHENTICATED for a stranger. */
  readonly loaders: Loaders;
};

export function createCallerContext(
  domain: DomainContext,
  loaders: LoaderDefinitions,
  denials: DenialBook,
  now: Date,
  tenantRules: TenantRules | null,
  record: RequestRecord,
): GraphQLContext {
  const { principal, requestId, log } = domain;
  const noteDenial = denials.open(domain, now);
  return {
    principal,
    requestId,
    now,
    tenantRules,
    log,
    record,
    noteDenial,
    domain,
    loaders: createLoaders(domain, loaders),
  };
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
    tenantRules: null,
    log,
    record,
    noteDenial: () => undefined,
    get domain(): never {
      throw unauthenticated('a stranger reached a ruled resolver');
    },
    get loaders(): never {
      throw unauthenticated('a stranger reached a ruled resolver');
    },
  };
}
