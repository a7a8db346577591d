/** Facts about a span, named as OpenTelemetry's semantic conventions name them. Never a token, a variable or a parameter. */
export type SpanAttributes = Readonly<Record<string, string | number>>;

export type SpanOptions = {
  /** Answered somebody (`server`), asked somebody (`client`), or neither. */
  readonly kind?: 'server' | 'client';
  readonly attributes?: SpanAttributes;
  /** `traceparent` as it came: W3C Trace Context §3.2. What is not one begins a trace of its own. */
  readonly traceparent?: string | undefined;
};

export type Span = {
  rename(name: string): void;
  set(attributes: SpanAttributes): void;
  /** Spans started by `work`, at once or later, are children of this one. */
  run<Result>(work: () => Result): Result;
  /** `failure` is the type or code of an error, never its message. */
  end(failure?: string): void;
};

export type Tracer = AsyncDisposable & {
  start(name: string, options?: SpanOptions): Span;
};

/** In milliseconds. */
export type TracingTimings = {
  /** Spans that cannot be sent within this time are lost. */
  readonly sendTimeoutMs: number;
  /** The end of the process waits no longer than this for the last spans to be sent. */
  readonly closeTimeoutMs: number;
};

export const TRACING_TIMINGS: TracingTimings = { sendTimeoutMs: 2_000, closeTimeoutMs: 2_500 };

export const NO_SPAN: Span = {
  rename: () => undefined,
  set: () => undefined,
  run: (work) => work(),
  end: () => undefined,
};

/** For a process that sends no spans. */
export const NO_TRACER: Tracer = { start: () => NO_SPAN, [Symbol.asyncDispose]: async () => undefined };

/** Runs `work` as a span that ends with it. */
export async function withSpan<Result>(
  tracer: Tracer,
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  const span = tracer.start(name, options);
  try {
    const result = await span.run(() => work(span));
    span.end();
    return result;
  } catch (error) {
    span.end(toFailure(error));
    throw error;
  }
}

function toFailure(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
