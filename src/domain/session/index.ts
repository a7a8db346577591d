export type { LentCredentials } from '../../identity-pool/identity-pool.ts';
export { awsCredentials } from './aws-credentials.ts';
export { type EndReason, endSession, sessionEnd } from './end-session.ts';
export { listOwnSessions } from './list-own-sessions.ts';
export type { Session } from './session.ts';
export { signOut } from './sign-out.ts';
export { signOutEverywhere } from './sign-out-everywhere.ts';
