export { findTokenClient, type TokenClient } from './find-token-client.ts';
