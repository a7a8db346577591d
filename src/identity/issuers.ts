/** What `iss` of a pool's tokens may be, compared to the letter: the form of its region, or of a pool in several regions. */
export function toIssuers(userPoolId: string): readonly [string, string] {
  const path = toProviderName(userPoolId);
  return [`https://${path}`, `https://issuer-${path}`];
}

/** What identity pools call a user pool: the key of its ID tokens in `Logins`. */
export function toProviderName(userPoolId: string): string {
  return `cognito-idp.${toRegion(userPoolId)}.amazonaws.com/${userPoolId}`;
}

/** Where Cognito publishes a pool's keys. */
export function toKeySetUrl(userPoolId: string): string {
  return `https://${toProviderName(userPoolId)}/.well-known/jwks.json`;
}

function toRegion(userPoolId: string): string {
  return userPoolId.slice(0, userPoolId.indexOf('_'));
}
