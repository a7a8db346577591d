import { describe, expect, it } from 'vitest';
import { toKeys } from '../../../src/identity/fetch-keys.ts';
import { documentOf, FIRST, SECOND } from './key-set-world.ts';

describe('toKeys', () => {
  /** These bytes and 255 more. */
  const toModulus = (...first: number[]) => Buffer.from([...first, ...Array(255).fill(0xff)]).toString('base64url');

  it.each([
    ['an id of 128 characters', { ...SECOND, kid: 'k'.repeat(128) }],
    ['2 048 bits', { ...SECOND, n: toModulus(0x80) }],
    ['2 048 bits and a zero byte', { ...SECOND, n: toModulus(0, 0x80) }],
  ])('takes a key of %s', (_, key) => {
    expect(toKeys(documentOf(FIRST, key)).size).toBe(2);
  });

  it.each([
    ['another kind of key', { kty: 'EC', crv: 'P-256', x: 'a', y: 'b', kid: 'ec' }],
    ['a key for encryption', { ...SECOND, use: 'enc' }],
    ['a key for another algorithm', { ...SECOND, alg: 'PS256' }],
    ['an unusual exponent', { ...SECOND, e: 'AQ' }],
    ['a private key', { ...SECOND, d: 'secret' }],
    ['a key without an id', { ...SECOND, kid: undefined }],
    ['a key whose id is empty', { ...SECOND, kid: '' }],
    ['a key whose id has 129 characters', { ...SECOND, kid: 'k'.repeat(129) }],
    ['a key of 2 047 bits', { ...SECOND, n: toModulus(0x7f) }],
    ['a key of 2 047 bits and a zero byte', { ...SECOND, n: toModulus(0, 0x7f) }],
    ['a key of 2 047 zero bytes', { ...SECOND, n: Buffer.alloc(2047).toString('base64url') }],
  ])('leaves out %s', (_, key) => {
    expect([...toKeys(documentOf(FIRST, key)).keys()]).toEqual(['first']);
  });

  it('gives each key in the form of its use, under a name no other key can take over', () => {
    const { n, e } = FIRST;
    expect(toKeys(documentOf({ n, e, kty: 'RSA', kid: 'first' })).get('first')).toEqual({
      kty: 'RSA',
      alg: 'RS256',
      use: 'sig',
      kid: n,
      n,
      e,
    });
  });

  it('refuses a set without a usable key', () => {
    expect(() => toKeys(documentOf({ kty: 'oct', k: 'a', kid: 'a' }))).toThrow('key set: holds no usable key');
  });

  it('refuses one id for two keys', () => {
    expect(() => toKeys(documentOf(FIRST, { ...SECOND, kid: 'first' }))).toThrow('key set: one kid for two keys');
  });

  it('reads 64 KiB, and not a byte more', () => {
    const document = documentOf(FIRST).toString();
    expect(toKeys(Buffer.from(document.padEnd(65_536))).size).toBe(1);
    expect(() => toKeys(Buffer.from(document.padEnd(65_537)))).toThrow('key set: over 65536 bytes');
  });

  it('reads 50 keys, and not one more', () => {
    const others = Array(49).fill({ kty: 'EC' });
    expect(toKeys(documentOf(FIRST, ...others)).size).toBe(1);
    expect(() => toKeys(documentOf(FIRST, ...others, {}))).toThrow();
  });
});
