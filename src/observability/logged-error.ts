export type LoggedError = {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly reason?: string;
  /** Where in this product it came from, innermost first: `src/domain/user/update-profile.ts:12`. */
  readonly at?: readonly string[];
  readonly cause?: LoggedError;
};

const MAX_TEXT = 500;
const MAX_FRAMES = 5;
const MAX_CAUSES = 4;

const FRAME = /^ {4}at .*?\b((?:src|local|cli)\/[\w./-]+\.ts:\d+)/;

/**
 * What the log keeps of an error. Named member by member: drivers hang whole clients on theirs, with keys, parameters and
 * the text of statements.
 */
export function toLoggedError(error: unknown, causesLeft = MAX_CAUSES): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: cut(String(error)) };
  const { code, reason } = error as { readonly code?: unknown; readonly reason?: unknown };
  const hasCause = error.cause !== undefined && causesLeft > 0;
  return {
    type: cut(error.name),
    message: cut(error.message),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(typeof reason === 'string' && { reason: cut(reason) }),
    ...(hasCause ? { cause: toLoggedError(error.cause, causesLeft - 1) } : { at: toFrames(error) }),
  };
}

// The message stands in the stack before the frames, and might have been written to look like one.
function toFrames({ stack = '', message }: Error): readonly string[] {
  const frames = stack.slice(stack.indexOf(message) + message.length).split('\n');
  const own = frames.filter((frame) => !frame.includes('node_modules'));
  return own.flatMap((frame) => FRAME.exec(frame)?.[1] ?? []).slice(0, MAX_FRAMES);
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}
