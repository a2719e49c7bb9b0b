-- Roles, schema public and what new objects in it grant, as a hosted project has them.
-- Roles belong to the whole cluster: another database may have made them already.

do $$
declare
  wanted constant jsonb := '{
    "postgres": "login createrole createdb replication bypassrls",
    "anon": "nologin inherit",
    "authenticated": "nologin inherit",
    "service_role": "nologin inherit bypassrls",
    "authenticator": "login noinherit",
    "dashboard_user": "nologin createrole createdb replication",
    "supabase_auth_admin": "login noinherit createrole",
    "supabase_storage_admin": "login noinherit createrole",
    "supabase_realtime_admin": "login noinherit"
  }';
  role record;
begin
  for role in select key as name, value as attributes from jsonb_each_text(wanted) loop
    if not exists (select from pg_catalog.pg_roles where rolname = role.name) then
      execute format('create role %I', role.name);
    end if;
    execute format('alter role %I %s', role.name, role.attributes);
  end loop;
  execute format('alter database %I owner to postgres', current_database());
end
$$;

grant anon, authenticated, service_role to authenticator;
grant anon, authenticated, service_role to postgres;
grant authenticator to supabase_storage_admin, supabase_realtime_admin;
grant pg_monitor, pg_read_all_data, pg_signal_backend to postgres;
-- Hosted projects let `postgres` write policies for tables it does not own; only an owner may
-- here, so it gets the owners' rights. guard.sql takes back what hosted projects refuse.
grant supabase_storage_admin, supabase_realtime_admin to postgres;

alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';
alter role supabase_auth_admin set search_path = 'auth';
alter role supabase_auth_admin set idle_in_transaction_session_timeout = 60000;
alter role supabase_storage_admin set search_path = 'storage';
alter role postgres set search_path = "$user", public, extensions;
alter role supabase_admin set search_path = "$user", public, auth, extensions;

grant usage on schema public to postgres, anon, authenticated, service_role;

-- New tables, sequences and functions of `postgres` are not reachable through the Data API. What
-- hosted projects leave granted (truncate, trigger, ...) is left here too, so that a migration
-- which forgets to take it away is found out before it gets there.
alter default privileges for role postgres in schema public
  grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on sequences to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on functions to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  revoke select, insert, update, delete on tables from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  revoke usage, select on sequences from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  revoke execute on functions from anon, authenticated, service_role;

do $$
begin
  if not exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime;
  end if;
  alter publication supabase_realtime owner to postgres;
end
$$;
