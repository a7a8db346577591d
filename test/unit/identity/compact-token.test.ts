import { describe, expect, it } from 'vitest';
import { readCompactToken } from '../../../src/identity/compact-token.ts';

const encode = (value: string | object) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const token = (header: string | object, payload: string | object = { sub: 'a' }, signature = 'c2ln') =>
  `${encode(header)}.${encode(payload)}.${signature}`;
const HEADER = { alg: 'RS256', kid: 'k/1+=' };

describe('readCompactToken', () => {
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
    ['a key id of 8 KB', { ...HEADER, kid: 'k'.repeat(8192) }],
    ['crit', { ...HEADER, crit: ['exp'] }],
    ['an embedded key', { ...HEADER, jwk: {} }],
    ['the address of a key set', { ...HEADER, jku: 'https://evil.test' }],
    ['a certificate', { ...HEADER, x5c: [] }],
    ['the address of a certificate', { ...HEADER, x5u: 'https://evil.test' }],
    ['compression', { ...HEADER, zip: 'DEF' }],
    ['an unencoded payload', { ...HEADER, b64: false }],
    ['two algorithms', '{"alg":"none","alg":"RS256","kid":"k"}'],
    ['a header that is a list', '[]'],
  ])('refuses %s', (_, header) => {
    expect(() => readCompactToken(token(header))).toThrow();
  });

  it.each([
    ['two parts', `${encode(HEADER)}.${encode({})}`],
    ['four parts', `${token(HEADER)}.c2ln`],
    ['an empty signature', token(HEADER, {}, '')],
    ['padding', `${token(HEADER)}==`],
    ['spare bits that are not zero', token(HEADER, {}, 'c2lnbg'.replace(/g$/, 'h'))],
    ['standard base64', token(HEADER, {}, '+/+/')],
    ['a payload that is no object', token(HEADER, '"sub"')],
    ['a claim named twice', token(HEADER, '{"sub":"a","sub":"b"}')],
  ])('refuses %s', (_, text) => {
    expect(() => readCompactToken(text)).toThrow();
  });
});
