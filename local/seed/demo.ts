import type { MembershipRole } from '../../src/generated/prisma/enums.ts';

export type DemoUser = {
  readonly email: string;
  readonly displayName: string;
  readonly isPlatformStaff: boolean;
  readonly roles: Readonly<Partial<Record<DemoTenant, MembershipRole>>>;
};

export const DEMO_TENANTS = { acme: 'Acme', globex: 'Globex' } as const;

export type DemoTenant = keyof typeof DEMO_TENANTS;

/** The same for everybody, printed at start: there is nothing here worth keeping secret. */
export const DEMO_PASSWORD = 'Tenantry-demo-1';

export const DEMO_USERS: readonly DemoUser[] = [
  { email: 'root@tenantry.test', displayName: 'Root', isPlatformStaff: true, roles: {} },
  { email: 'olivia@acme.test', displayName: 'Olivia', isPlatformStaff: false, roles: { acme: 'OWNER' } },
  { email: 'adam@acme.test', displayName: 'Adam', isPlatformStaff: false, roles: { acme: 'ADMIN' } },
  { email: 'mia@acme.test', displayName: 'Mia', isPlatformStaff: false, roles: { acme: 'MEMBER' } },
  { email: 'gina@globex.test', displayName: 'Gina', isPlatformStaff: false, roles: { globex: 'OWNER' } },
  { email: 'dora@both.test', displayName: 'Dora', isPlatformStaff: false, roles: { acme: 'MEMBER', globex: 'MEMBER' } },
];

/** Where the demo users come from, and one more for trying sign-up. */
export const DEMO_DOMAINS: readonly string[] = [
  'acme.test',
  'globex.test',
  'both.test',
  'tenantry.test',
  'example.com',
];
