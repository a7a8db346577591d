import { describe, expect, it } from 'vitest';
import { readCompactToken } from '../../../src/identity/compact-token.ts';

const encode = (value: string | object) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const token = (header: string | object, payload: string | object = { sub: 'a' }, signature = 'c2ln') =>
  `${encode(header)}.${encode(payload)}.${signature}`;
const HEADER = { alg: 'RS256', kid: 'k/1+=' };

describe('readCompactToken', () => {
  it.each([
    ['the type JWT', { ...HEADER, typ: 'JWT' }],
    ['a key id of 128 characters', { ...HEADER, kid: 'k'.repeat(128) }],
  ])('reads a header with %s', (_, header) => {
    expect(readCompactToken(token(header)).keyId).toBe(header.kid);
  });

  it('gives the key id and the claims', () => {
    expect(readCompactToken(token(HEADER))).toEqual({ keyId: 'k/1+=', claims: { sub: 'a' } });
  });

  it.each([
    ['alg none', { ...HEADER, alg: 'none' }],
    ['alg in other letters', { ...HEADER, alg: 'rs256' }],
    ['a symmetric algorithm', { ...HEADER, alg: 'HS256' }],
    ['another asymmetric algorithm', { ...HEADER, alg: 'PS256' }],
    ['no algorithm', { kid: 'k' }],
    ['no key id', { alg: 'RS256' }],
    ['an empty key id', { ...HEADER, kid: '' }],
    ['a key id that is no text', { ...HEADER, kid: 1 }],
    ['a key id of 129 characters', { ...HEADER, kid: 'k'.repeat(129) }],
    ['another type of token', { ...HEADER, typ: 'at+jwt' }],
    ['crit', { ...HEADER, crit: ['exp'] }],
    ['an embedded key', { ...HEADER, jwk: {} }],
    ['the address of a key set', { ...HEADER, jku: 'https://evil.test' }],
    ['a certificate', { ...HEADER, x5c: [] }],
    ['the address of a certificate', { ...HEADER, x5u: 'https://evil.test' }],
    ['compression', { ...HEADER, zip: 'DEF' }],
    ['an unencoded payload', { ...HEADER, b64: false }],
    ['two algorithms', '{"alg":"none","alg":"RS256","kid":"k"}'],
  ])('refuses %s', (_, header) => {
    expect(() => readCompactToken(token(header))).toThrow();
  });

  it.each([
    ['one part', encode(HEADER), 'token: not three parts'],
    ['two parts', `${encode(HEADER)}.${encode({})}`, 'token: not three parts'],
    ['four parts', `${token(HEADER)}.c2ln`, 'token: not three parts'],
    ['an empty signature', token(HEADER, {}, ''), 'token: not canonical base64url'],
    ['padding', `${token(HEADER)}==`, 'token: not canonical base64url'],
    ['spare bits that are not zero', token(HEADER, {}, 'c2lnbh'), 'token: not canonical base64url'],
    ['standard base64', token(HEADER, {}, '+/+/'), 'token: not canonical base64url'],
    ['a header that is a list', token('[]'), 'header: invalid_type'],
    ['a payload that is no object', token(HEADER, '"sub"'), 'claims: invalid_type'],
    ['a claim named twice', token(HEADER, '{"sub":"a","sub":"b"}'), 'json: the same key twice'],
  ])('refuses %s, naming the rule', (_, text, rule) => {
    expect(() => readCompactToken(text)).toThrow(rule);
  });
});
