import { toAttributeList } from './attributes.ts';
import { LOCAL_POOL } from './constants.ts';
import type { Group, MfaConfiguration, User } from './state/state.ts';

/** AWS JSON 1.1 writes a timestamp as seconds since 1970. */
export function toSeconds(iso: string): number {
  return Date.parse(iso) / 1000;
}

export function toAllAttributes(user: User): readonly object[] {
  return toAttributeList({ sub: user.sub, ...user.attributes });
}

/** Attributes as a trigger event carries them; the status is in no other place. */
export function toEventAttributes(user: User): Readonly<Record<string, string>> {
  return { sub: user.sub, 'cognito:user_status': user.status, email_verified: 'false', ...user.attributes };
}

function toProfile(user: User): object {
  return {
    Username: user.sub,
    UserCreateDate: toSeconds(user.createdAt),
    UserLastModifiedDate: toSeconds(user.modifiedAt),
    Enabled: user.enabled,
    UserStatus: user.status,
  };
}

/** As AdminGetUser tells it. */
export function toUserDetails(user: User): object {
  return { ...toProfile(user), UserAttributes: toAllAttributes(user), ...toMfaSettings(user) };
}

/** As GetUser and AdminGetUser tell it: nothing where no second factor is on. */
export function toMfaSettings({ totp }: User): object {
  if (!totp?.isEnabled) return {};
  return {
    UserMFASettingList: ['SOFTWARE_TOKEN_MFA'],
    ...(totp.isPreferred && { PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA' }),
  };
}

/** As GetUserPoolMfaConfig tells it. */
export function toMfaConfig(mfa: MfaConfiguration): object {
  return { MfaConfiguration: mfa, SoftwareTokenMfaConfiguration: { Enabled: mfa !== 'OFF' } };
}

/** As AdminCreateUser and ListUsers tell it. */
export function toUserType(user: User): object {
  return { ...toProfile(user), Attributes: toAllAttributes(user) };
}

export function toGroupType(group: Group): object {
  return {
    GroupName: group.name,
    UserPoolId: LOCAL_POOL.poolId,
    Description: group.description,
    Precedence: group.precedence,
    CreationDate: toSeconds(group.createdAt),
    LastModifiedDate: toSeconds(group.createdAt),
  };
}
