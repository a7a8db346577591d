import { type SessionParts, type SessionSettings, toActor, type Visitor } from './context.ts';
import { endRecord } from './end.ts';
import { type Credentials, createCredentials, findSession } from './find-credential.ts';
import { assertWouldSpeakFor, createRefresh } from './refresh.ts';
import { revokeEnded } from './revoke-ended.ts';
import { beginSignIn, type CompletedSignIn, completeSignIn, type SignInRequest } from './sign-in.ts';
import { findTenant } from './tokens.ts';

/** How a session stands, for the page that has it. */
export type SessionView = { readonly authenticatedAt: Date; readonly endsAt: Date };

/**
 * Sign-ins of browsers: the tokens stay here, and a browser has an id. Whoever is told no is told so by a reason, a text for
 * the log. Each throws SERVICE_UNAVAILABLE when pool or database cannot be asked.
 */
export type BrowserSessions = Credentials & {
  readonly settings: Pick<SessionSettings, 'origins' | 'allowedOrigins'>;
  beginSignIn(request: SignInRequest): Promise<{ readonly url: URL; readonly state: string; readonly pending: string }>;
  /** Ends the session this browser had before, if it shows one. Throws SignInError. */
  completeSignIn(visitor: Visitor, back: SignInAnswer): Promise<CompletedSignIn>;
  find(id: string): Promise<SessionView | null>;
  /** New tokens, in another tenant where one is named. Throws NOT_FOUND where the user is no member of it. */
  refresh(id: string, tenantId: string | null): Promise<RefreshedView | string>;
  /** Where the browser goes to be signed out at the pool too. */
  signOut(visitor: Visitor, id: string | undefined): Promise<URL>;
  /** Tells the pool of what has ended. */
  revokeEnded(): Promise<void>;
};

export type SignInAnswer = {
  /** As it came: `?code=…&state=…`. */
  readonly search: string;
  readonly pending: string | undefined;
  /** The id the browser shows already. */
  readonly id: string | undefined;
};

export type RefreshedView = { readonly id: string | null; readonly expiresAt: Date; readonly tenantId: string | null };

export function createBrowserSessions(parts: SessionParts): BrowserSessions {
  const { settings, provider } = parts;
  const refresh = createRefresh(parts);
  const end = async (visitor: Visitor, id: string | undefined, because?: 'REPLACED') => {
    const record = id === undefined ? null : await findSession(parts, id);
    if (record === null || typeof record === 'string') return;
    await endRecord(parts, toActor(visitor, record.userId), record, because);
  };
  return {
    settings,
    beginSignIn: (request) => beginSignIn(parts, request),
    completeSignIn: async (visitor, { id, ...answer }) => {
      const begun = await completeSignIn(parts, visitor, answer);
      if ('id' in begun) await end(visitor, id, 'REPLACED');
      return begun;
    },
    ...createCredentials(parts, refresh),
    find: async (id) => {
      const record = await findSession(parts, id);
      return typeof record === 'string' ? null : record;
    },
    refresh: async (id, tenantId) => {
      const record = await findSession(parts, id);
      if (typeof record === 'string') return record;
      if (tenantId !== null) await assertWouldSpeakFor(parts, record, tenantId);
      const refreshed = await refresh(record, tenantId);
      if (refreshed === null) return 'session: over at the pool';
      return { ...refreshed, tenantId: findTenant(refreshed.tokens, settings.tenantClaim) };
    },
    signOut: async (visitor, id) => {
      await end(visitor, id);
      // What is ended here is ended, whether or not the pool's own page can be named.
      return provider.toLogoutUrl(settings.homeUrl);
    },
    revokeEnded: () => revokeEnded(parts),
  };
}
