import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: 'schema/*.graphql',
  silent: true,
  generates: {
    'src/generated/resolvers.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        defaultScalarType: 'unknown',
        scalars: {
          ID: { input: 'string', output: 'string' },
          DateTime: 'Date',
          EmailAddress: 'string',
          JSONObject: 'Readonly<Record<string, unknown>>',
        },
        // A resolver hands on rows of the domain; what is not a column has a resolver of its own.
        contextType: '../graphql/context.ts#GraphQLContext',
        mappers: {
          User: '../domain/user/index.ts#User as UserRow',
          Tenant: '../domain/tenant/index.ts#Tenant as TenantRow',
          Membership: '../domain/membership/index.ts#Membership as MembershipRow',
          AuditEvent: '../domain/audit-trail/index.ts#AuditEvent as AuditEventRow',
          TenantDomain: '../domain/tenant-domain/index.ts#TenantDomain as TenantDomainRow',
          MachineClient: '../domain/machine-client/index.ts#MachineClient as MachineClientRow',
          AwsCredentials: '../domain/session/index.ts#LentCredentials',
          Session: '../domain/session/index.ts#Session as SessionRow',
          Invitation: '../domain/invitation/index.ts#Invitation as InvitationRow',
          Viewer: '../identity/principal.ts#Principal',
          UserConnection: '../domain/paging.ts#Page<UserRow>',
          TenantConnection: '../domain/paging.ts#Page<TenantRow>',
          MembershipConnection: '../domain/paging.ts#Page<MembershipRow>',
          AuditEventConnection: '../domain/paging.ts#Page<AuditEventRow>',
          InvitationConnection: '../domain/paging.ts#Page<InvitationRow>',
        },
      },
    },
    'docs/schema.graphql': { plugins: ['schema-ast'], config: { includeDirectives: true } },
  },
};

export default config;
