import { describe, expect, it } from 'vitest';
import { createSessionBook } from '../../src/domain/session-book.ts';
import type { Principal } from '../../src/identity/principal.ts';

const SEEN = { kind: 'USER', sessionId: 'session', subject: 'user', clientId: 'web' } as Principal;

describe('a session that was seen', () => {
  it('is kept by whoever asks for it while another keeps it', async () => {
    const book = createSessionBook();
    const kept: string[] = [];
    const query = async () => {
      await Promise.resolve();
      kept.push('rows');
      return [];
    };
    book.note(SEEN, undefined);
    const first = book.flush({ query });
    await book.flush({ query });
    expect(kept).toEqual(['rows']);
    await first;
  });

  it('is noted anew when it could not be kept', async () => {
    const book = createSessionBook();
    const kept: string[] = [];
    book.note(SEEN, undefined);
    const failing = book.flush({ query: () => Promise.reject(new Error('no database')) });
    await expect(failing).rejects.toThrow('no database');
    book.note(SEEN, undefined);
    await book.flush({
      query: async () => {
        kept.push('rows');
        return [];
      },
    });
    expect(kept).toEqual(['rows']);
  });
});
