import { describe, expect, it } from 'vitest';
import { InvalidTokenError } from '../../../src/identity/invalid-token.ts';
import { traceVerifier } from '../../../src/identity/trace-verifier.ts';
import { NO_SPAN, NO_TRACER } from '../../../src/observability/tracing.ts';
import { createForge } from './forge.ts';
import { openVerifier } from './verifier.ts';

const forge = createForge();

describe('a traced verifier', () => {
  it('answers as the verifier does, and each verdict is a span', async () => {
    const { verifier } = await openVerifier(forge);
    const names: string[] = [];
    const start = (name: string) => {
      names.push(name);
      return NO_SPAN;
    };
    const traced = traceVerifier(verifier, { ...NO_TRACER, start });
    const token = forge.sign(forge.userClaims());
    expect(await traced.verify(token)).toBe(await verifier.verify(token));
    expect(traced.isKnown(token)).toBe(true);
    await expect(traced.verify('garbage')).rejects.toThrow(InvalidTokenError);
    expect(names).toEqual(['verify token', 'verify token']);
  });
});
