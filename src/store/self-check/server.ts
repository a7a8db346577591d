/** Is the server new enough, and migrated as far as this checkout, whose migrations are `$2`? */
export const SERVER_PROBLEMS = `
select format('PostgreSQL %s is too old: use 15 or newer.', current_setting('server_version')) as problem
where current_setting('server_version_num')::int < 150000
union all
select 'The database is not migrated: run "npm run migrate".'
where not exists (select from history)
union all
-- One migrated further passes: while a release is rolled out, nodes of the one before must still be able to start.
select format('The database lacks migration %s: run "npm run migrate".', name)
from history, unnest($2::text[]) name
where name = any(applied) is not true`;
