import type { z } from 'zod';
import { forbidden, StartupError } from '../errors.ts';
import type { Principal } from '../identity/principal.ts';
import type { Transaction } from '../store/database.ts';
import { type AuditEntry, audit } from './audit.ts';
import { type CallerDomain, toCallerDomain } from './caller-domain.ts';
import { type DomainContext, tenantScope } from './context.ts';
import { lockActiveTenant } from './lock-tenant.ts';
import { assertStillMember } from './membership/index.ts';
import { parse } from './parse.ts';

/** What a change was done to; the audit trail keeps it. */
export type Change = Pick<AuditEntry, 'targetType' | 'targetId' | 'changes'>;

export type Work<Input> = {
  /** The tenant of the token: what `tx` can reach, and the first condition of every statement. */
  readonly tenantId: string;
  readonly principal: Principal;
  readonly input: Input;
  readonly tx: Transaction;
};

export type VerbDefinition<Schema extends z.ZodType, Payload extends object> = {
  /** The noun and what happens to it, for the audit trail: `project.rename`. */
  readonly action: string;
  /** The domain's own word on who may. It repeats the directive on purpose: a verb is safe whoever calls it. */
  readonly allows: (principal: Principal) => boolean;
  /** What the mutation's `input` must be; its messages are meant for people. */
  readonly input: Schema;
  /** The write itself. What it throws undoes all of it. */
  readonly change: (work: Work<z.output<Schema>>) => Promise<Change>;
  /** Reads back what the mutation answers, once the change is kept. */
  readonly answer: (ctx: CallerDomain, change: Change) => Promise<Payload>;
};

/** One write a client may ask for. Throws FORBIDDEN, BAD_USER_INPUT, TENANT_REQUIRED, TENANT_SUSPENDED, and its own. */
export type Verb = (ctx: DomainContext, raw: unknown) => Promise<object>;

/**
 * A write within the caller's tenant, in the order that every write has: may the caller, is the input good, then the
 * change and its audit event in one transaction under the row policies of that tenant. The token may be an hour old: the
 * tenant's state and the caller's place in it are asked of the database. Throws StartupError for a part left out.
 */
export function defineVerb<Schema extends z.ZodType, Payload extends object>(
  verb: VerbDefinition<Schema, Payload>,
): Verb {
  assertWhole(verb);
  const defined: Verb = async (ctx, raw) => {
    if (!verb.allows(ctx.principal)) throw forbidden(`domain: ${verb.action}`);
    const input = parse(verb.input, raw);
    const scope = tenantScope(ctx);
    const { tenantId } = scope;
    const change = await ctx.database.transaction(scope, async (tx) => {
      await lockActiveTenant(tx, tenantId, 'share');
      await assertStillMember(tx, ctx, tenantId);
      const done = await verb.change({ tx, tenantId, principal: ctx.principal, input });
      await audit(tx, ctx, { ...done, action: verb.action, tenantId });
      return done;
    });
    return verb.answer(toCallerDomain(ctx), change);
  };
  verbs.add(defined);
  return defined;
}

const verbs = new WeakSet<Verb>();

/** Whether `defineVerb` made it: a function of somebody's own would be held to nothing. */
export function isVerb(value: unknown): boolean {
  return typeof value === 'function' && verbs.has(value as Verb);
}

const PARTS = {
  action: 'string',
  allows: 'function',
  input: 'object',
  change: 'function',
  answer: 'function',
} as const;

// Modules run without a type checker before them.
function assertWhole(verb: Readonly<Record<keyof typeof PARTS, unknown>>): void {
  const missing = Object.entries(PARTS).filter(([part, kind]) => typeof verb[part as keyof typeof PARTS] !== kind);
  if (missing.length === 0) return;
  const parts = missing.map(([part, kind]) => `${part} (${kind})`).join(', ');
  throw new StartupError(
    `defineVerb${typeof verb.action === 'string' ? ` of ${verb.action}` : ''} lacks ${parts}; write it`,
  );
}
