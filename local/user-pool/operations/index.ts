import type { Operation } from '../operation.ts';
import { addUserPoolClientSecret } from './add-user-pool-client-secret.ts';
import { adminAddUserToGroup } from './admin-add-user-to-group.ts';
import { adminConfirmSignUp } from './admin-confirm-sign-up.ts';
import { adminCreateUser } from './admin-create-user.ts';
import { adminDeleteUser } from './admin-delete-user.ts';
import { adminDisableUser } from './admin-disable-user.ts';
import { adminEnableUser } from './admin-enable-user.ts';
import { adminGetUser } from './admin-get-user.ts';
import { adminInitiateAuth } from './admin-initiate-auth.ts';
import { adminListGroupsForUser } from './admin-list-groups-for-user.ts';
import { adminRemoveUserFromGroup } from './admin-remove-user-from-group.ts';
import { adminRespondToAuthChallenge } from './admin-respond-to-auth-challenge.ts';
import { adminSetUserMfaPreference } from './admin-set-user-mfa-preference.ts';
import { adminSetUserPassword } from './admin-set-user-password.ts';
import { adminUpdateUserAttributes } from './admin-update-user-attributes.ts';
import { adminUserGlobalSignOut } from './admin-user-global-sign-out.ts';
import { associateSoftwareToken } from './associate-software-token.ts';
import { changePassword } from './change-password.ts';
import { confirmForgotPassword } from './confirm-forgot-password.ts';
import { confirmSignUp } from './confirm-sign-up.ts';
import { createGroup } from './create-group.ts';
import { createResourceServer } from './create-resource-server.ts';
import { createUserPoolClient } from './create-user-pool-client.ts';
import { deleteUser } from './delete-user.ts';
import { deleteUserPoolClient } from './delete-user-pool-client.ts';
import { deleteUserPoolClientSecret } from './delete-user-pool-client-secret.ts';
import { describeResourceServer } from './describe-resource-server.ts';
import { describeUserPool } from './describe-user-pool.ts';
import { describeUserPoolClient } from './describe-user-pool-client.ts';
import { forgotPassword } from './forgot-password.ts';
import { getTokensFromRefreshToken } from './get-tokens-from-refresh-token.ts';
import { getUser } from './get-user.ts';
import { getUserAttributeVerificationCode } from './get-user-attribute-verification-code.ts';
import { getUserPoolMfaConfig } from './get-user-pool-mfa-config.ts';
import { globalSignOut } from './global-sign-out.ts';
import { initiateAuth } from './initiate-auth.ts';
import { listGroups } from './list-groups.ts';
import { listResourceServers } from './list-resource-servers.ts';
import { listUserPoolClientSecrets } from './list-user-pool-client-secrets.ts';
import { listUserPoolClients } from './list-user-pool-clients.ts';
import { listUsers } from './list-users.ts';
import { resendConfirmationCode } from './resend-confirmation-code.ts';
import { respondToAuthChallenge } from './respond-to-auth-challenge.ts';
import { revokeToken } from './revoke-token.ts';
import { setUserMfaPreference } from './set-user-mfa-preference.ts';
import { setUserPoolMfaConfig } from './set-user-pool-mfa-config.ts';
import { signUp } from './sign-up.ts';
import { updateResourceServer } from './update-resource-server.ts';
import { updateUserAttributes } from './update-user-attributes.ts';
import { updateUserPoolClient } from './update-user-pool-client.ts';
import { verifySoftwareToken } from './verify-software-token.ts';
import { verifyUserAttribute } from './verify-user-attribute.ts';

/** Every operation, by its name on the wire. A Map, so that no name reaches an object's prototype. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    AddUserPoolClientSecret: addUserPoolClientSecret,
    AdminAddUserToGroup: adminAddUserToGroup,
    AdminConfirmSignUp: adminConfirmSignUp,
    AdminCreateUser: adminCreateUser,
    AdminDeleteUser: adminDeleteUser,
    AdminDisableUser: adminDisableUser,
    AdminEnableUser: adminEnableUser,
    AdminGetUser: adminGetUser,
    AdminInitiateAuth: adminInitiateAuth,
    AdminListGroupsForUser: adminListGroupsForUser,
    AdminRemoveUserFromGroup: adminRemoveUserFromGroup,
    AdminRespondToAuthChallenge: adminRespondToAuthChallenge,
    AdminSetUserMFAPreference: adminSetUserMfaPreference,
    AdminSetUserPassword: adminSetUserPassword,
    AdminUpdateUserAttributes: adminUpdateUserAttributes,
    AdminUserGlobalSignOut: adminUserGlobalSignOut,
    AssociateSoftwareToken: associateSoftwareToken,
    ChangePassword: changePassword,
    ConfirmForgotPassword: confirmForgotPassword,
    ConfirmSignUp: confirmSignUp,
    CreateGroup: createGroup,
    CreateResourceServer: createResourceServer,
    CreateUserPoolClient: createUserPoolClient,
    DeleteUser: deleteUser,
    DeleteUserPoolClient: deleteUserPoolClient,
    DeleteUserPoolClientSecret: deleteUserPoolClientSecret,
    DescribeResourceServer: describeResourceServer,
    DescribeUserPool: describeUserPool,
    DescribeUserPoolClient: describeUserPoolClient,
    ForgotPassword: forgotPassword,
    GetTokensFromRefreshToken: getTokensFromRefreshToken,
    GetUser: getUser,
    GetUserAttributeVerificationCode: getUserAttributeVerificationCode,
    GetUserPoolMfaConfig: getUserPoolMfaConfig,
    GlobalSignOut: globalSignOut,
    InitiateAuth: initiateAuth,
    ListGroups: listGroups,
    ListResourceServers: listResourceServers,
    ListUserPoolClientSecrets: listUserPoolClientSecrets,
    ListUserPoolClients: listUserPoolClients,
    ListUsers: listUsers,
    ResendConfirmationCode: resendConfirmationCode,
    RespondToAuthChallenge: respondToAuthChallenge,
    RevokeToken: revokeToken,
    SetUserMFAPreference: setUserMfaPreference,
    SetUserPoolMfaConfig: setUserPoolMfaConfig,
    SignUp: signUp,
    UpdateResourceServer: updateResourceServer,
    UpdateUserAttributes: updateUserAttributes,
    UpdateUserPoolClient: updateUserPoolClient,
    VerifySoftwareToken: verifySoftwareToken,
    VerifyUserAttribute: verifyUserAttribute,
  }),
);
