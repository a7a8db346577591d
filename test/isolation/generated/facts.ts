import type { ErrorCode } from '../../../src/errors.ts';
import type { Product } from '../../support/product.ts';
import type { Caller } from './caller.ts';
import type { Home, Row } from './home.ts';

/** What no schema says of itself, by the coordinates of its fields. */
export type Facts = {
  /** Every root field. */
  readonly entries: Readonly<Record<string, Entry>>;
  /** Every field that takes an id, or cannot be asked without a value. */
  readonly samples: Readonly<Record<string, Sample>>;
  /** Who gets a row where not everybody does who gets there: at a field, or at the end of one path. */
  readonly rowsFor: Readonly<Record<string, Who>>;
  /** Puts rows of these nouns into a tenant. */
  readonly addRows: (stage: Stage) => Promise<readonly Row[]>;
  /** Puts back what a write may have changed beside the database. */
  readonly putBack?: (product: Product) => Promise<void>;
};

export type Who = (caller: Caller) => boolean;

/** Who may enter at a root field, and how far it reaches: the contract, a second time and not read off a directive. */
export type Entry = {
  readonly may: Who;
  /** Rows it may show. TENANT: of the token's tenant. SELF: the caller's own beside these. PLATFORM: all, to staff. */
  readonly reach: 'NONE' | 'TENANT' | 'SELF' | 'PLATFORM';
  /** A wider reach than TENANT, but about one tenant: the token's, where no other is named. */
  readonly isAboutTenant?: true;
  /** What everybody who may enter is told: where one sample cannot be right for all of them. */
  readonly always?: ErrorCode;
  readonly ids?: Readonly<Record<string, IdRule>>;
};

/** What holds for an id beside the reach of its field, by its place. */
export type IdRule = {
  /** Who may give it at all. Left out: whoever may enter. */
  readonly may?: Who;
  /** The code for one that names nothing within reach. Left out: NOT_FOUND. */
  readonly unknown?: ErrorCode;
  /** Whether a row of this tenant is within the caller's reach here, where the reach of the field does not say. */
  readonly isWithin?: (caller: Caller, home: Home) => boolean;
};

/** What a field is asked with. */
export type Sample = {
  /** The type whose row each id names, by its place in the arguments. */
  readonly ids?: Readonly<Record<string, string>>;
  /** The values of arguments that are no ids, where some depend on it for the tenant that the ids name. */
  readonly values?: Values | ((home: Home) => Values);
};

export type Values = Readonly<Record<string, unknown>>;

export type Stage = {
  readonly product: Product;
  readonly home: Home;
  readonly tenantId: string;
  /** A membership of somebody who never calls. */
  readonly membershipId: string;
};
