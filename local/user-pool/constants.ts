const region = 'eu-central-1';
const poolId = `${region}_Tenantry0`;

/** The one pool there is. Its names never change, so an example that carries them works on every machine. */
export const LOCAL_POOL = {
  region,
  poolId,
  clientId: 'tenantrylocal0123456789abc',
  /** What real tokens of a pool in this region say: `iss` is a name, and no key is fetched from it here. */
  issuer: `https://cognito-idp.${region}.amazonaws.com/${poolId}`,
  groups: ['Admins', 'Users'],
  /** There from the start, so that machine clients can be given the scopes Tenantry itself knows. */
  resourceServer: {
    identifier: 'tenantry',
    name: 'Tenantry',
    scopes: [{ name: 'members.read', description: "Reads the members of the client's tenant" }],
  },
  accessTokenSeconds: 3_600,
  refreshTokenDays: 30,
  codeHours: 24,
  /** Wrong tries a code survives. */
  codeTries: 3,
  scopes: ['aws.cognito.signin.user.admin'],
  /** What a user may change about himself through the app client. */
  writeAttributes: ['email', 'name'],
  /** The pool's schema; `sub` is the pool's own. */
  attributes: ['email', 'email_verified', 'name', 'given_name', 'family_name', 'locale', 'custom:tenant_id'],
} as const;
