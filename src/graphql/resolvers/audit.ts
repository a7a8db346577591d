import { type AuditEvent, listAuditEvents } from '../../domain/audit-trail/index.ts';
import type { Resolvers } from '../../generated/resolvers.ts';
import { connection } from './connection.ts';

export const auditResolvers = {
  Query: { auditEvents: (_, args, { domain }) => listAuditEvents(domain, args) },
  AuditEventConnection: connection<AuditEvent>(),
} satisfies Resolvers;
