import type { ErrorCode } from '../../../src/errors.ts';

/** A document made to hurt, and the code of the answer; null for one that is answered. */
export type HostileDocument = {
  readonly name: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly code: ErrorCode | null;
};

/** One shape in several sizes. */
export function inSizes(
  shape: string,
  code: ErrorCode | null,
  sizes: readonly number[],
  make: (size: number) => string,
): readonly HostileDocument[] {
  return sizes.map((size) => ({ name: `${shape}, ${size} times`, query: make(size), code }));
}

/** Several documents of one code, by name. */
export function named(
  code: ErrorCode | null,
  documents: Readonly<Record<string, string | readonly [query: string, variables: HostileDocument['variables'] & {}]>>,
): readonly HostileDocument[] {
  return Object.entries(documents).map(([name, document]) => {
    if (typeof document === 'string') return { name, query: document, code };
    const [query, variables] = document;
    return { name, query, variables, code };
  });
}

/** `make(0)` to `make(count - 1)`, in one text. */
export function times(count: number, make: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => make(index)).join(' ');
}

/** `before` so many times, `within`, and `after` as often. */
export function nest(count: number, before: string, within: string, after = '}'): string {
  return `${before.repeat(count)}${within}${after.repeat(count)}`;
}
