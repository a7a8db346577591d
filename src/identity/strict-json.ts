const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const MAX_DEPTH = 8;

/** Not JSON with one meaning. `message` names the rule, and never quotes the text. */
export class StrictJsonError extends Error {
  override readonly name = 'StrictJsonError';
}

/**
 * The JSON value these bytes say, and only one way to read them: valid UTF-8, no key twice in an object (RFC 8259 §4 leaves
 * open which of the two counts, RFC 7519 §4 lets a reader refuse), no nesting beyond 8. Throws StrictJsonError.
 */
export function parseUnambiguousJson(bytes: Uint8Array): unknown {
  const text = withRule('json: not UTF-8', () => utf8.decode(bytes));
  const value = withRule('json: malformed', (): unknown => JSON.parse(text));
  // From here on the text is known to be JSON, so a scan for quotes and brackets cannot go astray.
  assertUnambiguous(text);
  return value;
}

/** The same, of only such texts and numbers as every reader holds alike (RFC 7493 §2). Throws StrictJsonError. */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const value = parseUnambiguousJson(bytes);
  assertPortable(value);
  return value;
}

// What the platform throws quotes what it could not read.
function withRule<Result>(rule: string, read: () => Result): Result {
  try {
    return read();
  } catch {
    throw new StrictJsonError(rule);
  }
}

function assertUnambiguous(text: string): void {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '{' || char === '[') {
      open.push(new Set());
      if (open.length > MAX_DEPTH) throw new StrictJsonError('json: nested too deep');
    } else if (char === '}' || char === ']') open.pop();
    else if (char === '"') {
      const end = endOfString(text, at);
      if (isKey(text, end)) addKey(open.at(-1) ?? new Set(), text.slice(at, end));
      at = end - 1;
    }
  }
}

/** The position after the closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

// A string before a colon is a key: no value is ever followed by one.
function isKey(text: string, end: number): boolean {
  let at = end;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return text[at] === ':';
}

function addKey(keys: Set<string>, quoted: string): void {
  // Decoded before it is compared: "sub" and "\u0073ub" are one key to a reader.
  const key = String(JSON.parse(quoted));
  if (key === '__proto__') throw new StrictJsonError('json: a key named __proto__');
  if (keys.has(key)) throw new StrictJsonError('json: the same key twice');
  keys.add(key);
}

// Half a surrogate pair has no UTF-8, NUL ends a text elsewhere and PostgreSQL refuses it, and 1e400 is no double.
function assertPortable(value: unknown): void {
  if (typeof value === 'string' && (!value.isWellFormed() || value.includes('\0'))) {
    throw new StrictJsonError('json: a text with half a character or NUL');
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new StrictJsonError('json: a number out of range');
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    assertPortable(key);
    assertPortable(member);
  }
}
