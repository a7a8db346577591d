import { z } from 'zod';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import type { DomainContext } from '../context.ts';
import { parse } from '../parse.ts';
import { getTenant } from './get-tenant.ts';
import { openTenant, scopeToChange } from './open-tenant.ts';
import type { Tenant, TenantPolicy } from './tenant.ts';
import { tenantEvent } from './tenant-event.ts';

const MIN_AGE_SECONDS = 300;
const MAX_AGE_SECONDS = 30 * 24 * 3600;
const MAX_MEMBERS = 1_000_000;

const AGE_RULE = `A session may last ${MIN_AGE_SECONDS} to ${MAX_AGE_SECONDS} seconds; null lets it last as long as the pool does.`;
const LIMIT_RULE = `A member limit is 1 to ${MAX_MEMBERS}; null is none.`;

// What is left out stays. GraphQL tells null from absent; a switch has no null.
const isOn = (what: string) => z.boolean(`${what} is true or false.`).optional();
const SetTenantPolicy = z.object({
  tenantId: z.string().nullish(),
  mfaRequired: isOn('mfaRequired'),
  joinByDomain: isOn('joinByDomain'),
  maxSessionAgeSeconds: z.int().min(MIN_AGE_SECONDS, AGE_RULE).max(MAX_AGE_SECONDS, AGE_RULE).nullish(),
  memberLimit: z.int().min(1, LIMIT_RULE).max(MAX_MEMBERS, LIMIT_RULE).nullish(),
});

/** Changes what a tenant asks of its members. Throws BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, TENANT_SUSPENDED. */
export async function setTenantPolicy(ctx: DomainContext, raw: unknown): Promise<Tenant> {
  authorize(ctx, 'setTenantPolicy');
  const { tenantId, ...wanted } = parse(SetTenantPolicy, raw);
  const scope = scopeToChange(ctx, tenantId);
  await ctx.database.transaction(scope, async (tx) => {
    const changed = toChanged(await openTenant(tx, ctx, scope.tenantId), wanted);
    if (changed.length === 0) return;
    const data = Object.fromEntries(changed.map(([name, , after]) => [name, after]));
    await tx.tenant.updateMany({ where: { id: scope.tenantId }, data });
    const changes = Object.fromEntries(changed.map(([name, before, after]) => [name, [before, after]]));
    await audit(tx, ctx, tenantEvent('tenant.policy', scope.tenantId, changes));
  });
  return getTenant(ctx, scope.tenantId);
}

const PARTS = ['mfaRequired', 'joinByDomain', 'maxSessionAgeSeconds', 'memberLimit'] as const;

type Part = (typeof PARTS)[number];
type Value = TenantPolicy[Part];
type Wanted = Readonly<Partial<Record<Part, Value | undefined>>>;

function toChanged(before: TenantPolicy, wanted: Wanted): readonly (readonly [Part, Value, Value])[] {
  return PARTS.flatMap((part) => {
    const after = wanted[part];
    return after === undefined || after === before[part] ? [] : [[part, before[part], after] as const];
  });
}
