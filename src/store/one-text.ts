// PostgreSQL cuts a statement's name at 63 bytes, silently; the reach goes before it (scoped-query.ts).
const MAX_BYTES = 63 - 'PLATFORM:'.length;

const texts = new Map<string, string>();

/**
 * Throws for a name that already stands for another text, or would once PostgreSQL has cut it: the server would run the
 * statement it knows by that name, with values meant for this one.
 */
export function assertOneText({ name, text }: { readonly name: string; readonly text: string }): void {
  const known = texts.get(name);
  if (known === text) return;
  if (known !== undefined) throw new Error(`statement "${name}" stands for two texts: give each a name of its own`);
  if (Buffer.byteLength(name) > MAX_BYTES) throw new Error(`statement "${name}": the name is over ${MAX_BYTES} bytes`);
  texts.set(name, text);
}
