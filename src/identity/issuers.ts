/** What `iss` of a pool's tokens may be, compared to the letter: the form of its region, or of a pool in several regions. */
export function toIssuers(userPoolId: string): readonly [string, string] {
  const path = `cognito-idp.${toRegion(userPoolId)}.amazonaws.com/${userPoolId}`;
  return [`https://${path}`, `https://issuer-${path}`];
}

/** Where Cognito publishes a pool's keys. */
export function toKeySetUrl(userPoolId: string): string {
  return `https://cognito-idp.${toRegion(userPoolId)}.amazonaws.com/${userPoolId}/.well-known/jwks.json`;
}

function toRegion(userPoolId: string): string {
  return userPoolId.slice(0, userPoolId.indexOf('_'));
}
