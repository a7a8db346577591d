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

/** The services of a Compose file, with what they share merged in. */
export function readServices(text: string): Services {
  return parse(text, { merge: true }).services;
}
