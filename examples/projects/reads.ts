import { countRows, type DomainContext, listBy, notFound, type PageArgs, RowId, tenantScope, toPage } from 'tenantry';

export type Project = { readonly id: string; readonly name: string; readonly ownerId: string | null };
type Task = { readonly id: string; readonly title: string; readonly projectId: string };

// Every statement names the tenant, though the row policies would hold without it: each net holds alone.
const PROJECTS = 'select id, tenant_id as "tenantId", name, owner_id as "ownerId" from projects where tenant_id = $1';
const LIST = { name: 'list-projects', text: `${PROJECTS} and id > $2::uuid order by id limit $3` };
const COUNT = { name: 'count-projects', text: 'select count(*) as count from projects where tenant_id = $1' };
const GET = { name: 'get-project', text: `${PROJECTS} and id = $2` };
const LOAD_TASKS = {
  name: 'load-tasks',
  text: `select id, tenant_id as "tenantId", title, project_id as "projectId" from tasks
    where tenant_id = $1 and project_id = any($2::uuid[]) order by id`,
};

export function listProjects(ctx: DomainContext, args: PageArgs) {
  const scope = tenantScope(ctx);
  return toPage<Project, [id: string]>({
    args,
    cursors: ctx.cursors,
    list: `projects:${scope.tenantId}`,
    keyOf: ({ id }) => [id],
    fetch: ([id] = ['00000000-0000-0000-0000-000000000000'], limit) =>
      ctx.database.query<Project>(scope, LIST, [scope.tenantId, id, limit]),
    count: () => countRows(ctx.database, scope, COUNT, [scope.tenantId]),
  });
}

export async function getProject(ctx: DomainContext, id: string): Promise<Project> {
  const scope = tenantScope(ctx);
  const [project] = await ctx.database.query<Project>(scope, GET, [scope.tenantId, RowId.parse(id)]);
  if (project === undefined) throw notFound(`project ${id}: none in tenant ${scope.tenantId}`);
  return project;
}

/** Tasks of many projects in one read, under the scope the projects were read under. */
export const tasksOfProject = listBy(
  ({ database }, scope, projectIds) => database.query<Task>(scope, LOAD_TASKS, [scope.tenantId, projectIds]),
  ({ projectId }) => projectId,
);
