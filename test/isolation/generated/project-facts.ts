import { randomUUID } from 'node:crypto';
import type { Facts, Who } from './facts.ts';
import { toRow } from './home.ts';
import { isMemberOrHas, isRanked, isStillMember } from './who.ts';

const mayWrite: Who = (caller) => isRanked('MEMBER')(caller) && isStillMember(caller);

/** The nouns of examples/projects. */
export const PROJECTS: Facts = {
  entries: {
    'Query.projects': { may: isMemberOrHas('projects/read'), reach: 'TENANT' },
    'Query.project': { may: isMemberOrHas('projects/read'), reach: 'TENANT' },
    'Mutation.createProject': { may: mayWrite, reach: 'TENANT' },
    'Mutation.renameProject': { may: mayWrite, reach: 'TENANT' },
    'Mutation.moveProject': { may: isRanked('ADMIN'), reach: 'TENANT' },
  },
  samples: {
    'Query.project': { ids: { id: 'Project' } },
    'Mutation.createProject': { values: { input: { name: 'New', tasks: ['First'] } } },
    'Mutation.renameProject': { ids: { 'input.projectId': 'Project' }, values: { input: { name: 'Renamed' } } },
    'Mutation.moveProject': { ids: { 'input.projectId': 'Project', 'input.membershipId': 'Membership' } },
  },
  rowsFor: {},
  addRows: async ({ product: { sql }, home, tenantId, membershipId }) => {
    const [project, task, name, title] = [randomUUID(), randomUUID(), `project-of-${home}`, `task-of-${home}`];
    await sql(
      `with project as (insert into projects (tenant_id, id, name, owner_id) values ($1, $2, $3, $4))
       insert into tasks (tenant_id, id, project_id, title) values ($1, $5, $2, $6)`,
      [tenantId, project, name, membershipId, task, title],
    );
    return [toRow('Project', home, project, name), toRow('Task', home, task, title)];
  },
};
