import type { AuthenticationContext } from './state/state.ts';
import type { TokenSource } from './triggers/token-source.ts';

/** A sign-in by the API that waits for an answer. */
export type Challenge = {
  readonly name: 'NEW_PASSWORD_REQUIRED' | 'SOFTWARE_TOKEN_MFA' | 'MFA_SETUP';
  readonly sub: string;
  readonly clientId: string;
  readonly source: TokenSource;
  readonly expiresAt: Date;
  readonly wrongTries: number;
  /** How far MFA_SETUP has come; null before AssociateSoftwareToken. */
  readonly enrolment: { readonly secret: string; readonly isVerified: boolean } | null;
};

/** The server's half of one SRP exchange, RFC 5054 §2.6. */
export type SrpExchange = {
  /** Who it is about; null where nobody is, and then no answer is right. */
  readonly sub: string | null;
  /** What both sides hash: the user's `sub`, or something like one. */
  readonly userId: string;
  readonly clientId: string;
  readonly verifier: bigint;
  readonly clientPublic: bigint;
  readonly serverPrivate: bigint;
  readonly serverPublic: bigint;
  readonly expiresAt: Date;
};

/** What `/oauth2/authorize` was asked, once it is found good. */
export type AuthorizationRequest = {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string | null;
  readonly nonce: string | null;
  /** Of method S256; null for a client that does without PKCE. */
  readonly codeChallenge: string | null;
  readonly prompt: string | null;
  /** Seconds since the password was entered. */
  readonly maxAge: number | null;
  /** From 1 to 4, the wanted first; null where `acr_values` was not sent. */
  readonly levels: readonly number[] | null;
};

/** Who a browser is signed in as, and how that was proven. */
export type SignOn = {
  readonly sub: string;
  /** Seconds since 1970, when the password was entered. */
  readonly authTime: number;
  /** RFC 8176 §2, in the order in which Cognito gives them. */
  readonly amr: readonly string[];
};

/** One form of the hosted page on its way through its steps. */
export type Login = {
  readonly id: string;
  /** The cookie of the browser it was shown to. */
  readonly browser: string;
  readonly request: AuthorizationRequest;
  readonly step: 'password' | 'new-password' | 'totp' | 'enrol';
  /** What the steps so far have proven; null before the password. */
  readonly proven: SignOn | null;
  /** What the step `enrol` shows. */
  readonly totpSecret: string | null;
  readonly wrongTries: number;
  readonly expiresAt: Date;
};

export type AuthorizationCode = {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge: string | null;
  readonly nonce: string | null;
  readonly scopes: readonly string[];
  readonly sub: string;
  readonly authTime: number;
  readonly context: AuthenticationContext | null;
  /** The session that its tokens will belong to, so that a second use finds what to end. */
  readonly originJti: string;
  readonly use: 'unused' | 'used' | 'used twice';
  readonly expiresAt: Date;
};

type Expiring = { readonly expiresAt: Date };

/** What a restart may forget: each by a key that cannot be guessed. */
export type Pending = {
  readonly challenges: Map<string, Challenge>;
  readonly srpExchanges: Map<string, SrpExchange>;
  readonly logins: Map<string, Login>;
  readonly signOns: Map<string, SignOn & Expiring>;
  readonly codes: Map<string, AuthorizationCode>;
};

export function createPending(): Pending {
  return {
    challenges: new Map(),
    srpExchanges: new Map(),
    logins: new Map(),
    signOns: new Map(),
    codes: new Map(),
  };
}

/** Puts `value` under `key`, and sweeps out what has expired. */
export function putPending<Value extends Expiring>(
  map: Map<string, Value>,
  [key, value]: readonly [string, Value],
  now: Date,
): void {
  for (const [other, { expiresAt }] of map) if (expiresAt <= now) map.delete(other);
  map.set(key, value);
}

/** Forgets the browsers and codes of a user, so that what ends his sign-ins ends these too. */
export function dropSignOns({ signOns, codes }: Pending, sub: string): void {
  for (const map of [signOns, codes]) for (const [key, value] of map) if (value.sub === sub) map.delete(key);
}
