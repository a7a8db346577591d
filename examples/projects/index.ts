import { connection, defineModule, scopeOf } from 'tenantry';
import { getProject, listProjects, type Project, tasksOfProject } from './reads.ts';
import * as verbs from './verbs.ts';

export const projects = defineModule({
  name: 'projects',
  folder: import.meta.dirname,
  scopes: ['projects/read'],
  loaders: { tasksOfProject },
  verbs: { ...verbs },
  resolvers: {
    Query: {
      projects: (_, args, { domain }) => listProjects(domain, args),
      project: (_, { id }, { domain }) => getProject(domain, id),
    },
    Project: {
      owner: (project: Project, _, { loaders }) =>
        project.ownerId && loaders.membership(scopeOf(project), project.ownerId),
      tasks: (project: Project, _, { loaders }) => loaders.tasksOfProject(scopeOf(project), project.id),
    },
    ProjectConnection: connection<Project>(),
  },
});
