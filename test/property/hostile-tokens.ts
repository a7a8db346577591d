import { constants, createHmac, type KeyObject, sign } from 'node:crypto';
import { createForge, encode, type Forge, type Part, signWith } from '../unit/identity/forge.ts';

/** What is wrong with it, and how it is made. Each would be a good token but for that. */
export type HostileToken = readonly [name: string, make: (forge: Forge) => string];

const STRANGER = createForge({ kid: 'strangers' });
const DAY = 86_400;

const kidOf = ({ jwks }: Forge) => jwks.keys[0]?.kid ?? '';
const now = () => Math.floor(Date.now() / 1000);
const withHeader = (changes: object) => (forge: Forge) =>
  forge.sign(forge.userClaims(), { alg: 'RS256', kid: kidOf(forge), ...changes });
const withClaims = (changes: object) => (forge: Forge) => forge.sign(forge.userClaims(changes));
const withText = (change: (json: string) => Part) => (forge: Forge) =>
  forge.sign(change(JSON.stringify(forge.userClaims())));
const withParts = (change: (header: string, payload: string, signature: string) => string) => (forge: Forge) => {
  const [header = '', payload = '', signature = ''] = forge.sign(forge.userClaims()).split('.');
  return change(header, payload, signature);
};
const withSignature = (alg: string, toSignature: (input: Buffer, forge: Forge) => Uint8Array) => (forge: Forge) =>
  signWith([{ alg, kid: kidOf(forge) }, forge.userClaims()], (input) => toSignature(input, forge));
const withSecret = (toSecret: (key: KeyObject) => string | Buffer) =>
  withSignature('HS256', (input, { publicKey }) => createHmac('sha256', toSecret(publicKey)).update(input).digest());
const byStranger = (header: object) => (forge: Forge) => STRANGER.sign(forge.userClaims(), header);
const withIssuer = (toIssuer: (issuer: string) => unknown) => (forge: Forge) =>
  forge.sign(forge.userClaims({ iss: toIssuer(forge.issuer) }));

const ALGORITHMS: readonly HostileToken[] = [
  ...['none', 'None', 'NONE', 'nOnE', ''].map(
    (alg): HostileToken => [`alg "${alg}" and no signature`, withSignature(alg, () => Buffer.alloc(0))],
  ),
  ['alg none and a signature', withHeader({ alg: 'none' })],
  ['HS256 with the public key in PEM', withSecret((key) => key.export({ type: 'spki', format: 'pem' }))],
  ['HS256 with the public key in PKCS #1 PEM', withSecret((key) => key.export({ type: 'pkcs1', format: 'pem' }))],
  ['HS256 with the public key in DER', withSecret((key) => key.export({ type: 'spki', format: 'der' }))],
  ['HS256 with the public key as a JWK', withSecret((key) => JSON.stringify(key.export({ format: 'jwk' })))],
  ['HS256 with the modulus', withSecret((key) => String(key.export({ format: 'jwk' }).n))],
  ['HS256 with nothing', withSecret(() => '')],
  ['RS384', withSignature('RS384', (input, { privateKey }) => sign('sha384', input, privateKey))],
  ['RS512', withSignature('RS512', (input, { privateKey }) => sign('sha512', input, privateKey))],
  ['PS256', withSignature('PS256', (input, { privateKey: key }) => sign('sha256', input, toPss(key)))],
  [
    'PS256 under the name RS256',
    withSignature('RS256', (input, { privateKey }) => sign('sha256', input, toPss(privateKey))),
  ],
  ['SHA-1 under the name RS256', withSignature('RS256', (input, { privateKey }) => sign('sha1', input, privateKey))],
  ['ES256', withHeader({ alg: 'ES256' })],
  ['EdDSA', withHeader({ alg: 'EdDSA' })],
  ['no alg', withHeader({ alg: undefined })],
  ['alg in small letters', withHeader({ alg: 'rs256' })],
  ['alg with a space', withHeader({ alg: 'RS256 ' })],
  ['alg a number', withHeader({ alg: 256 })],
  ['alg null', withHeader({ alg: null })],
  ['alg a list', withHeader({ alg: ['RS256'] })],
  ['alg __proto__', withHeader({ alg: '__proto__' })],
];

const HEADERS: readonly HostileToken[] = [
  ['no kid', withHeader({ kid: undefined })],
  ['an empty kid', withHeader({ kid: '' })],
  ['a kid that is a number', withHeader({ kid: 0 })],
  ['a kid that is a path', withHeader({ kid: '../../../../dev/null' })],
  ['a kid that is SQL', withHeader({ kid: "' union select 'key' --" })],
  ['a kid of 8 KB', withHeader({ kid: 'k'.repeat(8_192) })],
  ['a kid nobody publishes', withHeader({ kid: 'nobodys' })],
  ['a kid __proto__', withHeader({ kid: '__proto__' })],
  ['an embedded jwk that signed it', byStranger({ alg: 'RS256', jwk: STRANGER.jwks.keys[0] })],
  ['an embedded jwk beside a good kid', withHeader({ jwk: STRANGER.jwks.keys[0] })],
  ['a jku', withHeader({ jku: 'https://evil.test/jwks.json' })],
  ['an x5u', withHeader({ x5u: 'https://evil.test/cert.pem' })],
  ['an x5c', withHeader({ x5c: ['MIIB'] })],
  ['crit', withHeader({ crit: ['exp'] })],
  ['an empty crit', withHeader({ crit: [] })],
  ['b64 false', withHeader({ b64: false, crit: ['b64'] })],
  ['b64 true', withHeader({ b64: true })],
  ['zip', withHeader({ zip: 'DEF' })],
  ['a typ of another kind', withHeader({ typ: 'at+jwt' })],
  ['a cty', withHeader({ cty: 'JWT' })],
  ['two algorithms', (forge) => forge.sign(forge.userClaims(), `{"alg":"none","alg":"RS256","kid":"${kidOf(forge)}"}`)],
  ['two key ids', (forge) => forge.sign(forge.userClaims(), `{"alg":"RS256","kid":"a","kid":"${kidOf(forge)}"}`)],
  ['a header that is a list', (forge) => forge.sign(forge.userClaims(), '["RS256"]')],
  ['a header with a member __proto__', (forge) => forge.sign(forge.userClaims(), `{"__proto__":{"alg":"RS256"}}`)],
  ["another pool's key", byStranger({ alg: 'RS256', kid: 'strangers' })],
  ["another pool's key under the pool's kid", (forge) => byStranger({ alg: 'RS256', kid: kidOf(forge) })(forge)],
];

const FORMS: readonly HostileToken[] = [
  ['an empty signature', withParts((header, payload) => `${header}.${payload}.`)],
  ['two parts', withParts((header, payload) => `${header}.${payload}`)],
  ['four parts', withParts((header, payload, signature) => `${header}.${payload}.${signature}.${signature}`)],
  ['five parts', withParts((header, payload, signature) => `${header}.${payload}.${signature}.${header}.${payload}`)],
  ['an empty header', withParts((_, payload, signature) => `.${payload}.${signature}`)],
  ['an empty payload', withParts((header, _, signature) => `${header}..${signature}`)],
  ['a signature of zeros', withSignature('RS256', () => Buffer.alloc(256))],
  ['a signature of ones', withSignature('RS256', () => Buffer.alloc(256, 0xff))],
  [
    'a signature of other claims',
    withParts((header, _, signature) => `${header}.${encode({ sub: 'a' })}.${signature}`),
  ],
  ['a signature cut by a byte', withSignature('RS256', (...it) => signatureOf(...it).subarray(0, 255))],
  [
    'a signature with a byte more',
    withSignature('RS256', (...it) => Buffer.concat([signatureOf(...it), Buffer.from([0])])),
  ],
  ['padding', withParts((header, payload, signature) => `${header}.${payload}.${signature}==`)],
  ['standard base64', withParts((header, payload, signature) => `${header}.${payload}.${signature}+/`)],
];

const TEXTS: readonly HostileToken[] = [
  ['a claim twice', withText((json) => json.replace('{', '{"sub":"11111111-1111-4111-8111-111111111111",'))],
  ['a claim twice, once escaped', withText((json) => json.replace('{', '{"\\u0073ub":"a",'))],
  ['a claim __proto__', withText((json) => json.replace('{', '{"__proto__":{"sub":"a"},'))],
  [
    'a payload that is no UTF-8',
    withText((json) => Buffer.concat([Buffer.from(json.replace('}', ',"a":"')), Buffer.from([0xff, 0x22, 0x7d])])),
  ],
  [
    'an overlong UTF-8 form',
    withText((json) =>
      Buffer.concat([Buffer.from(json.replace('}', ',"a":"')), Buffer.from([0xc0, 0xaf, 0x22, 0x7d])]),
    ),
  ],
  ['a byte order mark', withText((json) => `\uFEFF${json}`)],
  ['a payload of UTF-16', withText((json) => Buffer.from(json, 'utf16le'))],
  ['half a surrogate pair', withText((json) => json.replace('{', '{"a":"\\ud800",'))],
  ['NUL in a text', withText((json) => json.replace('{', '{"a":"\\u0000",'))],
  ['an expiry of 1e400', withText((json) => json.replace(/"exp":\d+/, '"exp":1e400'))],
  ['an expiry NaN', withText((json) => json.replace(/"exp":\d+/, '"exp":NaN'))],
  ['a number out of range', withText((json) => json.replace('{', '{"a":-1e999,'))],
  ['a comma too many', withText((json) => json.replace('}', ',}'))],
  ['a comment', withText((json) => `${json}/**/`)],
  ['something after the payload', withText((json) => `${json}{}`)],
  ['nesting beyond 8', withText((json) => json.replace('{', `{"a":${'['.repeat(8)}${']'.repeat(8)},`))],
  ['a payload that is a list', withText((json) => `[${json}]`)],
  ['a payload that is text', withText((json) => JSON.stringify(json))],
  ['a payload null', withText(() => 'null')],
  ['a payload beyond the limit', withClaims({ pad: 'x'.repeat(8_192) })],
];

const TIMES: readonly HostileToken[] = [
  ['no exp', withClaims({ exp: undefined })],
  ['exp a second ago', withClaims({ exp: now() - 1, iat: now() - 3600 })],
  ['exp zero', withClaims({ exp: 0 })],
  ['exp negative', withClaims({ exp: -1 })],
  ['exp text', withClaims({ exp: String(now() + 600) })],
  ['exp null', withClaims({ exp: null })],
  ['exp a fraction', withClaims({ exp: now() + 600.5 })],
  ['exp in milliseconds', withClaims({ exp: (now() + 600) * 1000 })],
  ['exp in the year 9999', withClaims({ exp: 253_402_300_799 })],
  ['exp a second more than 24 hours after iat', withClaims({ iat: now(), exp: now() + DAY + 1 })],
  ['exp before iat', withClaims({ iat: now() + 50, exp: now() + 40 })],
  ['no iat', withClaims({ iat: undefined })],
  ['iat in the future', withClaims({ iat: now() + 600 })],
  ['iat text', withClaims({ iat: String(now()) })],
  ['no auth_time', withClaims({ auth_time: undefined })],
  ['auth_time in the future', withClaims({ auth_time: now() + 600 })],
  ['auth_time text', withClaims({ auth_time: String(now()) })],
  ['nbf ahead', withClaims({ nbf: now() + 600 })],
  ['nbf text', withClaims({ nbf: '0' })],
];

const NAMES: readonly HostileToken[] = [
  ['no iss', withIssuer(() => undefined)],
  ['iss with a slash', withIssuer((issuer) => `${issuer}/`)],
  ['iss in capitals', withIssuer((issuer) => issuer.toUpperCase())],
  ['iss in a list', withIssuer((issuer) => [issuer])],
  ['iss with userinfo', withIssuer((issuer) => issuer.replace('//', '//user@'))],
  ['iss with a port', withIssuer((issuer) => issuer.replace('.com/', '.com:443/'))],
  ['iss over http', withIssuer((issuer) => issuer.replace('https', 'http'))],
  ['iss with a query', withIssuer((issuer) => `${issuer}?`)],
  ['iss of another pool', withIssuer((issuer) => `${issuer}x`)],
  ['iss of another region', withIssuer((issuer) => issuer.replace('cognito-idp.', 'cognito-idp.us-'))],
  ['client_id of somebody else', withClaims({ client_id: 'somebodyelses' })],
  ['no client_id', withClaims({ client_id: undefined })],
  ['client_id in a list', (forge) => forge.sign(forge.userClaims({ client_id: [forge.clientId] }))],
  ['client_id in aud alone', (forge) => forge.sign(forge.userClaims({ client_id: undefined, aud: forge.clientId }))],
  ['token_use id', withClaims({ token_use: 'id' })],
  ['token_use refresh', withClaims({ token_use: 'refresh' })],
  ['token_use in capitals', withClaims({ token_use: 'ACCESS' })],
  ['no token_use', withClaims({ token_use: undefined })],
];

const CALLERS: readonly HostileToken[] = [
  ['no sub', withClaims({ sub: undefined })],
  ['an empty sub', withClaims({ sub: '' })],
  ['a sub of 10 KB', withClaims({ sub: 'a'.repeat(10_240) })],
  ['a sub of 4 KB', withClaims({ sub: 'a'.repeat(4_096) })],
  ['a sub that is a number', withClaims({ sub: 1 })],
  ['a sub that is no id', withClaims({ sub: 'mia' })],
  ['a sub in capitals', withClaims({ sub: 'ABCDEFAB-CDEF-4BCD-8FAB-ABCDEFABCDEF' })],
  ['a sub that is the app client', (forge) => forge.sign(forge.userClaims({ sub: forge.clientId }))],
  ['no username', withClaims({ username: undefined })],
  ['a username null', withClaims({ username: null })],
  ['no origin_jti', withClaims({ origin_jti: undefined })],
  ['groups as text', withClaims({ 'cognito:groups': 'Admins' })],
  ['groups as an object', withClaims({ 'cognito:groups': { 0: 'Admins', length: 1 } })],
  ['groups in a list', withClaims({ 'cognito:groups': [['Admins']] })],
  ['groups null', withClaims({ 'cognito:groups': null })],
  ['101 groups', withClaims({ 'cognito:groups': Array(101).fill('g') })],
  ['10 000 groups', withClaims({ 'cognito:groups': Array(10_000).fill('g') })],
  ['a group of 1 KB', withClaims({ 'cognito:groups': ['g'.repeat(1_024)] })],
  ['a scope in a list', withClaims({ scope: ['openid'] })],
  ['a scope with a tab', withClaims({ scope: 'openid\temail' })],
  ['a tenant that is no id', withClaims({ tenant_id: 'acme' })],
  ['two tenants', withClaims({ 'custom:tenant_id': '33333333-3333-4333-8333-333333333333' })],
  ['a role nobody knows', withClaims({ tenant_role: 'EMPEROR' })],
];

/** At least one of every kind that is known to have passed somewhere. */
export const HOSTILE_TOKENS: readonly HostileToken[] = [
  ...ALGORITHMS,
  ...HEADERS,
  ...FORMS,
  ...TEXTS,
  ...TIMES,
  ...NAMES,
  ...CALLERS,
];

function toPss(key: KeyObject) {
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
}

function signatureOf(input: Buffer, { privateKey }: Forge): Buffer {
  return sign('sha256', input, privateKey);
}
