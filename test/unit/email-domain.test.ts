import { describe, expect, it } from 'vitest';
import { toEmailDomain } from '../../src/domain/tenant-domain/index.ts';
import { isListed } from '../../src/triggers/is-listed.ts';

describe('toEmailDomain', () => {
  it.each([
    ['mia@acme.test', 'acme.test'],
    ['Mia.Q+tag@ACME.Test', 'acme.test'],
  ])('reads the domain of %s', (email, domain) => {
    expect(toEmailDomain(email)).toBe(domain);
  });

  it.each([
    undefined,
    '',
    'acme.test',
    '@acme.test',
    'mia@',
    'mia@acme',
    'mia@acme.test.',
    'mia@evil.test@acme.test',
    '"mia@evil.test"@acme.test',
    'mia@acme.test\n',
    'mia @acme.test',
    '<mia@acme.test>',
    `${'m'.repeat(250)}@acme.test`,
  ])('finds none in %j', (email) => {
    expect(toEmailDomain(email)).toBeNull();
  });
});

describe('isListed', () => {
  it('is true for a listed domain', () => {
    expect(isListed(['globex.test', 'acme.test'], 'acme.test')).toBe(true);
  });

  it.each(['mail.acme.test', 'notacme.test', 'acme.test.evil.test', 'test'])(
    'is false for %s, which is another',
    (domain) => {
      expect(isListed(['acme.test'], domain)).toBe(false);
    },
  );

  it('is true for every domain where * is listed', () => {
    expect(isListed(['*'], 'anything.test')).toBe(true);
  });

  it('is false for every domain where none is', () => {
    expect(isListed([], 'acme.test')).toBe(false);
  });
});
