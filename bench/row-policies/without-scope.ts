/** Imported before the server: its store then reads without scopes (plain-query.ts). The product itself has no such switch. */
import { registerHooks } from 'node:module';

const REAL = new URL('../../src/store/scoped-query.ts', import.meta.url).href;
const PLAIN = new URL('./plain-query.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, nextResolve) => {
    const resolved = nextResolve(specifier, context);
    return resolved.url === REAL && context.parentURL !== PLAIN ? { ...resolved, url: PLAIN } : resolved;
  },
});
