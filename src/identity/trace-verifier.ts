import { type Tracer, withSpan } from '../observability/tracing.ts';
import type { TokenVerifier } from './verify-token.ts';

/** The same verifier, each of whose verdicts is a span. */
export function traceVerifier(verifier: TokenVerifier, tracer: Tracer): TokenVerifier {
  return { ...verifier, verify: (token) => withSpan(tracer, 'verify token', {}, () => verifier.verify(token)) };
}
