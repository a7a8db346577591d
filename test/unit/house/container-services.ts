import { parse } from 'yaml';

export type Service = {
  readonly image: string;
  readonly build?: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly pids_limit?: number;
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly stop_grace_period?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly environment?: Readonly<Record<string, string | null>>;
};
export type Services = Readonly<Record<'api' | 'migrate' | 'postgres' | 'redis', Service>>;

type Variables = Readonly<Record<string, string>>;

const VARIABLE = /\$\{(\w+)(?::([?-])([^}]*))?\}/g;

/** The names of the variables that stand in `value`. */
export function variablesIn(value: string): readonly string[] {
  return [...value.matchAll(VARIABLE)].map(([, name = '']) => name);
}

/**
 * `value` as Compose passes it on, with these variables in .env. Throws what the file says of a required variable that is
 * not among them. https://docs.docker.com/reference/compose-file/interpolation/
 */
export function interpolate(value: string, variables: Variables): string {
  return value.replace(VARIABLE, (_, name: string, operator: string | undefined, text = '') => {
    const found = variables[name] ?? '';
    if (found === '' && operator === '?') throw new Error(text);
    return found === '' && operator === '-' ? text : found;
  });
}

/** The environment of the container, with these variables in .env. A variable without a value is passed on as it is. */
export function environmentOf({ environment = {} }: Service, variables: Variables): Readonly<Record<string, string>> {
  const entries = Object.entries(environment).map(([name, value]) => [
    name,
    value === null ? variables[name] : interpolate(value, variables),
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The services of a Compose file, with what they share merged in. */
export function readServices(text: string): Services {
  return parse(text, { merge: true }).services;
}
