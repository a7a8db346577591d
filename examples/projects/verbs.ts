import { type Change, type DomainContext, defineVerb, HumanName, hasGroup, notFound, RowId } from 'tenantry';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { getProject } from './reads.ts';

const Name = HumanName('The name');
const answer = async (ctx: DomainContext, { targetId }: Change) => ({ project: await getProject(ctx, targetId) });

export const createProject = defineVerb({
  action: 'project.create',
  allows: hasGroup('TenantMembers'),
  input: z.object({ name: Name, tasks: z.array(HumanName('A task')).max(100, 'A project has at most 100 tasks.') }),
  change: async ({ tx, tenantId, principal, input: { name, tasks } }) => {
    const targetId = uuidv7();
    await tx.$executeRaw`insert into projects (tenant_id, id, name, owner_id) select tenant_id, ${targetId}::uuid, ${name}, id
      from memberships where tenant_id = ${tenantId}::uuid and user_id = ${principal.subject}::uuid`;
    for (const title of tasks) {
      await tx.$executeRaw`insert into tasks (tenant_id, id, project_id, title)
        values (${tenantId}::uuid, ${uuidv7()}::uuid, ${targetId}::uuid, ${title})`;
    }
    return { targetType: 'Project', targetId, changes: { tasks: tasks.length } };
  },
  answer,
});

export const renameProject = defineVerb({
  action: 'project.rename',
  allows: hasGroup('TenantMembers'),
  input: z.object({ projectId: RowId, name: Name }),
  change: async ({ tx, tenantId, input: { projectId, name } }) => {
    const renamed = await tx.$executeRaw`update projects set name = ${name}
      where tenant_id = ${tenantId}::uuid and id = ${projectId}::uuid`;
    if (renamed === 0) throw notFound(`project ${projectId}: none in tenant ${tenantId}`);
    return { targetType: 'Project', targetId: projectId };
  },
  answer,
});

export const moveProject = defineVerb({
  action: 'project.move',
  allows: hasGroup('TenantAdmins'),
  input: z.object({ projectId: RowId, membershipId: RowId }),
  change: async ({ tx, tenantId, input: { projectId, membershipId } }) => {
    const moved = await tx.$executeRaw`update projects p set owner_id = m.id from memberships m
      where p.tenant_id = ${tenantId}::uuid and p.id = ${projectId}::uuid
        and m.tenant_id = p.tenant_id and m.id = ${membershipId}::uuid`;
    if (moved === 0) throw notFound(`project ${projectId} or membership ${membershipId}: none in tenant ${tenantId}`);
    return { targetType: 'Project', targetId: projectId, changes: { ownerId: membershipId } };
  },
  answer,
});
