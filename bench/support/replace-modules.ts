import { registerHooks } from 'node:module';

/** URLs of modules, and of those that are loaded in their place. */
export type Replacements = Readonly<Record<string, string>>;

/**
 * From now on this process loads the second module of each pair wherever the first is imported, but for the second's own
 * import of the first, which it may build on. Returns the URLs that nothing has imported yet: of these nothing is replaced.
 */
export function replaceModules(replacements: Replacements): ReadonlySet<string> {
  const waiting = new Set(Object.keys(replacements));
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const resolved = nextResolve(specifier, context);
      const other = replacements[resolved.url];
      if (other === undefined || other === context.parentURL) return resolved;
      waiting.delete(resolved.url);
      return { ...resolved, url: other };
    },
  });
  return waiting;
}
