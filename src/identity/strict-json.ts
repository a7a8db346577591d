const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const MAX_DEPTH = 8;

/**
 * The JSON value these bytes say, and only one way to read them: valid UTF-8, no key twice in an object (RFC 8259 §4 leaves
 * open which of the two counts, RFC 7519 §4 lets a reader refuse), no nesting beyond 8. Throws Error naming the rule.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = utf8.decode(bytes);
  const value: unknown = JSON.parse(text);
  // From here on the text is known to be JSON, so a scan for quotes and brackets cannot go astray.
  assertUnambiguous(text);
  return value;
}

function assertUnambiguous(text: string): void {
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '{' || char === '[') {
      open.push(char === '{' ? new Set() : null);
      if (open.length > MAX_DEPTH) throw new Error('json: nested too deep');
    } else if (char === '}' || char === ']') open.pop();
    else if (char === '"') {
      const end = endOfString(text, at);
      if (isKey(text, end)) addKey(open.at(-1), text.slice(at, end));
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

function addKey(keys: Set<string> | null | undefined, quoted: string): void {
  // Decoded before it is compared: "sub" and "\u0073ub" are one key to a reader.
  const key = String(JSON.parse(quoted));
  if (key === '__proto__') throw new Error('json: a key named __proto__');
  if (keys?.has(key)) throw new Error('json: the same key twice');
  keys?.add(key);
}
