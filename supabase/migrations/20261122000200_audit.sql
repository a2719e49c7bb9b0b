-- Who changed what, for ever: ids and names of fields, never contents.
set lock_timeout = '5s';

create table private.audit (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    actor_user uuid,
    actor_person uuid,
    action text not null check (action ~ '^[a-z][a-z_]{2,59}$'),
    organisation_id uuid,
    subject_kind text not null check (subject_kind ~ '^[a-z][a-z_]{2,39}$'),
    subject_id uuid not null,
    fields text[] not null default '{}' check (cardinality(fields) <= 40),
    reason text check (reason ~ '^[a-z][a-z_]{1,39}$')
);
comment on table private.audit is
    'Append-only. No foreign keys: a row outlives what it speaks of, and no cascade may change it.';

create index audit_by_subject on private.audit (subject_id, at);
create index audit_by_organisation on private.audit (organisation_id, at);

alter table private.audit enable row level security;
alter table private.audit force row level security;

create function private.refuse_change_of_audit() returns trigger
language plpgsql set search_path = '' as $$
begin
    perform private.refuse('PT403', 'append_only');
    return null;
end
$$;

create trigger audit_rows_never_change
    before update or delete on private.audit
    for each statement execute function private.refuse_change_of_audit();
create trigger audit_is_never_emptied
    before truncate on private.audit
    for each statement execute function private.refuse_change_of_audit();
-- ALWAYS: also while a session replays changes as a replica.
alter table private.audit enable always trigger audit_rows_never_change;
alter table private.audit enable always trigger audit_is_never_emptied;

revoke all on all tables in schema private from public, anon, authenticated, service_role;
revoke all on all sequences in schema private from public, anon, authenticated, service_role;
revoke execute on function private.refuse_change_of_audit() from public, anon, authenticated, service_role;
