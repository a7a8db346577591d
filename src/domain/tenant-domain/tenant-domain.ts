/** An e-mail domain of a tenant. */
export type TenantDomain = {
  readonly id: string;
  readonly tenantId: string;
  readonly domain: string;
  readonly challenge: string;
  /** When it was shown to be the tenant's; null until then. */
  readonly verifiedAt: Date | null;
  readonly createdAt: Date;
};

/** The columns of a TenantDomain, as every statement selects them; `d` is the table. */
export const DOMAIN_COLUMNS =
  'd.id, d.tenant_id as "tenantId", d.domain, d.challenge, d.verified_at as "verifiedAt", d.created_at as "createdAt"';

/** Where the owner of the domain publishes the challenge: a name below it that nothing else uses. RFC 8552 §1.2. */
export function toRecordName({ domain }: Pick<TenantDomain, 'domain'>): string {
  return `_tenantry-challenge.${domain}`;
}

/** The text of that TXT record. */
export function toRecordValue({ challenge }: Pick<TenantDomain, 'challenge'>): string {
  return `tenantry-domain-verification=${challenge}`;
}
