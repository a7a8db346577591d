create table projects (
  tenant_id uuid not null references tenants (id) on delete cascade,
  id uuid not null,
  name text not null,
  owner_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, owner_id) references memberships (tenant_id, id) on delete set null (owner_id)
);
create index projects_owner_idx on projects (tenant_id, owner_id);
call hold_to_tenant('projects');

create table tasks (
  tenant_id uuid not null references tenants (id) on delete cascade,
  id uuid not null,
  project_id uuid not null,
  title text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade
);
create index tasks_project_idx on tasks (tenant_id, project_id, id);
call hold_to_tenant('tasks');
