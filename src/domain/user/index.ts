export { isConfirmed, markConfirmed } from './confirmation.ts';
export { findOwnProfile } from './find-own-profile.ts';
export { type ListUsersArgs, listUsers } from './list-users.ts';
export { loadUsers } from './load-users.ts';
export { updateProfile } from './update-profile.ts';
export { type PoolProfile, toPoolProfile, upsertProfile } from './upsert-profile.ts';
export type { User } from './user.ts';
