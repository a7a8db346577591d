import { z } from 'zod';
import { conflict } from '../../errors.ts';
import { isUniqueViolation } from '../../store/store-error.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { lockActiveTenant } from '../lock-tenant.ts';
import { assertStillMember } from '../membership/index.ts';
import { parse, RowId } from '../parse.ts';
import { domainEvent } from './domain-event.ts';
import { getTenantDomain } from './get-tenant-domain.ts';
import { type TenantDomain, toRecordName, toRecordValue } from './tenant-domain.ts';

const VerifyTenantDomain = z.object({ id: RowId });

/**
 * Looks for the challenge in the domain's DNS; where it stands, the domain is the tenant's and no other's. Throws NOT_FOUND,
 * CONFLICT (no such record, or another tenant has verified the domain), FORBIDDEN, TENANT_SUSPENDED.
 */
export async function verifyTenantDomain(
  ctx: DomainContext,
  raw: z.input<typeof VerifyTenantDomain>,
): Promise<TenantDomain> {
  authorize(ctx, 'verifyTenantDomain');
  const { id } = parse(VerifyTenantDomain, raw);
  const scope = tenantScope(ctx);
  const { tenantId } = scope;
  const domain = await getTenantDomain(ctx, id);
  if (domain.verifiedAt === null) await assertPublished(ctx, domain);
  try {
    await ctx.database.transaction(scope, async (tx) => {
      await lockActiveTenant(tx, tenantId, 'share');
      await assertStillMember(tx, ctx, tenantId);
      const data = { verifiedAt: new Date() };
      const { count } = await tx.tenantDomain.updateMany({ where: { tenantId, id, verifiedAt: null }, data });
      if (count === 1) await audit(tx, ctx, domainEvent('domain.verify', domain));
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw conflict('Another tenant has verified this domain.');
    throw error;
  }
  return getTenantDomain(ctx, id);
}

async function assertPublished({ resolveTxt, log }: DomainContext, domain: TenantDomain): Promise<void> {
  const name = toRecordName(domain);
  const records = await resolveTxt(name).catch((error: unknown) => {
    log.info({ err: error }, 'DNS did not answer for a domain to verify');
    throw conflict(`The DNS servers of ${domain.domain} did not answer. Try again shortly.`);
  });
  if (records.includes(toRecordValue(domain))) return;
  throw conflict(`There is no TXT record ${name} with the value given. A new one may take an hour to be seen.`);
}
