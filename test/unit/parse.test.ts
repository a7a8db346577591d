import { describe, expect, it } from 'vitest';
import { isRowId } from '../../src/domain/parse.ts';

describe('isRowId', () => {
  it.each(['11111111-1111-4111-8111-111111111111', '0198a1b2-0000-7000-8000-00000000000f'])('is true for %s', (id) => {
    expect(isRowId(id)).toBe(true);
  });

  it.each([
    '',
    '1',
    '0198A1B2-0000-7000-8000-00000000000F',
    '11111111111141118111111111111111',
    '{11111111-1111-4111-8111-111111111111}',
    '%',
    'g'.repeat(36),
  ])('is false for %j', (id) => {
    expect(isRowId(id)).toBe(false);
  });
});
