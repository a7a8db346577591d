import type { IResolvers } from '@graphql-tools/utils';
import { DateTimeResolver, EmailAddressResolver, JSONObjectResolver } from 'graphql-scalars';
import { accountResolvers } from './account.ts';
import { appClientResolvers } from './app-client.ts';
import { auditResolvers } from './audit.ts';
import { healthResolvers } from './health.ts';
import { invitationResolvers } from './invitation.ts';
import { machineClientResolvers } from './machine-client.ts';
import { membershipResolvers } from './membership.ts';
import { sessionResolvers } from './session.ts';
import { tenantResolvers } from './tenant.ts';
import { tenantDomainResolvers } from './tenant-domain.ts';
import { userResolvers } from './user.ts';
import { viewerResolvers } from './viewer.ts';

/** A map for each noun; makeExecutableSchema merges them. */
export const resolvers: IResolvers[] = [
  { DateTime: DateTimeResolver, EmailAddress: EmailAddressResolver, JSONObject: JSONObjectResolver },
  healthResolvers,
  viewerResolvers,
  userResolvers,
  accountResolvers,
  tenantResolvers,
  tenantDomainResolvers,
  membershipResolvers,
  machineClientResolvers,
  appClientResolvers,
  auditResolvers,
  invitationResolvers,
  sessionResolvers,
];
