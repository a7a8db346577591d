import type { ConstDirectiveNode } from 'graphql';

/** Where one part of a rule is written. */
export type RuleSource = {
  /** That part, as the plan prints it. Several `@auth` of one place are one part. */
  readonly rule: string;
  /** The type or field it stands on: `Membership`, `Query.members`. */
  readonly coordinate: string;
  /** Its first line: `schema/membership.graphql:14`. */
  readonly at: string;
};

/** What each directive of a place says, by the directive's name; null for nothing. */
type Said = Readonly<Record<string, string | null>>;

export function readSources(
  coordinate: string,
  directives: readonly ConstDirectiveNode[],
  said: Said,
): readonly RuleSource[] {
  const sources = Object.entries(said).flatMap(([name, rule]) => {
    const written = directives.find((directive) => directive.name.value === name);
    return rule === null || !written ? [] : [Object.freeze({ rule, coordinate, at: toPlace(written) })];
  });
  return Object.freeze(sources);
}

function toPlace({ loc }: ConstDirectiveNode): string {
  return loc ? `${loc.source.name}:${loc.startToken.line}` : 'a document without positions';
}
