import { describe, expect, it } from 'vitest';
import { toAddressKey, toCallerKey } from '../../../src/http/rate-limits/keys.ts';

const SUB = '0f0e0d0c-1111-4222-8333-444455556666';

describe('the key of a caller', () => {
  it('is the same for a subject in other letters', () => {
    expect(toCallerKey({ kind: 'USER', subject: SUB.toUpperCase() })).toBe(toCallerKey({ kind: 'USER', subject: SUB }));
  });

  it('is another for a machine that goes by the name of a user', () => {
    expect(toCallerKey({ kind: 'MACHINE', subject: SUB })).not.toBe(toCallerKey({ kind: 'USER', subject: SUB }));
  });
});

describe('the key of an address', () => {
  it.each([
    ['a neighbour in the same /64', '2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'],
    ['other letters', '2001:DB8:1:2::1', '2001:db8:1:2::1'],
    ['zeros written out', '2001:0db8:0001:0002:0000:0000:0000:0001', '2001:db8:1:2::1'],
    ['a gap elsewhere', '2001:db8:0:0:1::', '2001:db8::1:0:0:1'],
    ['another zone', 'fe80::1%eth0', 'fe80::2%eth1'],
    ['IPv4 mapped into IPv6', '::ffff:192.0.2.7', '192.0.2.7'],
    ['the same in hexadecimal', '::FFFF:c000:207', '192.0.2.7'],
    ['what is no address', '192.0.2.7:4711', 'proxy-17'],
  ])('is the same for %s', (_, one, other) => {
    expect(toAddressKey(one)).toBe(toAddressKey(other));
  });

  it.each([
    ['another IPv4 address', '192.0.2.7', '192.0.2.8'],
    ['another /64', '2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['another mapped address', '::ffff:192.0.2.7', '::ffff:192.0.2.8'],
    ['an IPv6 address that ends like the mapped one', '::192.0.2.7', '::ffff:192.0.2.7'],
  ])('is another for %s', (_, one, other) => {
    expect(toAddressKey(one)).not.toBe(toAddressKey(other));
  });
});
