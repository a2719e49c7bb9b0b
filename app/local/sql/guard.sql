-- Refuses here what hosted projects refuse: a migration may hang policies and triggers on the
-- tables of auth, storage and realtime, but neither change them nor make anything beside them.

create or replace function extensions.guard_made() returns event_trigger
language plpgsql
set search_path = ''
as $$
declare
  touched text;
begin
  select format('%s %s', command_tag, object_identity) into touched
  from pg_catalog.pg_event_trigger_ddl_commands()
  where schema_name in ('auth', 'storage', 'realtime')
    and command_tag not in ('CREATE POLICY', 'ALTER POLICY', 'CREATE TRIGGER', 'GRANT', 'REVOKE');
  if found and not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
    raise exception using
      errcode = '42501',
      message = format('%s: not in a managed schema', touched),
      hint = 'auth, storage and realtime belong to their services; hosted projects refuse this too.';
  end if;
end
$$;

create or replace function extensions.guard_dropped() returns event_trigger
language plpgsql
set search_path = ''
as $$
declare
  touched text;
begin
  select format('%s of %s', tg_tag, object_identity) into touched
  from pg_catalog.pg_event_trigger_dropped_objects()
  where schema_name in ('auth', 'storage', 'realtime') and object_type not in ('policy', 'trigger');
  if found and not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
    raise exception using
      errcode = '42501',
      message = format('%s: not in a managed schema', touched),
      hint = 'auth, storage and realtime belong to their services; hosted projects refuse this too.';
  end if;
end
$$;

drop event trigger if exists guard_made;
drop event trigger if exists guard_dropped;
create event trigger guard_made on ddl_command_end execute function extensions.guard_made();
create event trigger guard_dropped on sql_drop execute function extensions.guard_dropped();
