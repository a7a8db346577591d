import type { RequestRecord } from '../observability/request-record.ts';
import { type Tracer, withSpan } from '../observability/tracing.ts';

/**
 * Runs `work`, which answers one GraphQL request, as a span. OpenTelemetry semantic conventions, GraphQL server spans; the
 * document itself is left out, for values may stand in it.
 */
export function traceOperation<Result>(
  tracer: Tracer,
  record: RequestRecord | null,
  work: () => Promise<Result>,
): Promise<Result> {
  return withSpan(tracer, 'GraphQL Operation', {}, async (span) => {
    const result = await work();
    const { operation = null, codes = [] } = record ?? {};
    if (operation) {
      span.rename(operation.type);
      span.set({ 'graphql.operation.type': operation.type });
      if (operation.name !== null) span.set({ 'graphql.operation.name': operation.name });
    }
    if (codes[0] !== undefined) span.set({ 'error.type': codes[0] });
    return result;
  });
}
