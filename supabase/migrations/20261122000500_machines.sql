-- Machine accounts: sign-ins without a person, for work that no person does.
set lock_timeout = '5s';

create table private.machines (
    user_id uuid primary key references auth.users (id) on delete cascade,
    kind text not null check (kind in ('live', 'jobs')),
    enlisted_at timestamptz not null default now()
);
comment on table private.machines is 'live: hears hints. jobs: does timed work. Neither may read a table.';

alter table private.machines enable row level security;
alter table private.machines force row level security;
revoke all on private.machines from public, anon, authenticated, service_role;

create function private.my_machine_kind() returns text
language sql stable security definer set search_path = '' as $$
    select m.kind from private.machines as m where m.user_id = (select auth.uid())
$$;

create function private.require_machine(variadic p_kinds text[]) returns void
language plpgsql stable set search_path = '' as $$
begin
    perform private.require_user();
    if (private.my_machine_kind() = any (p_kinds)) is not true then
        perform private.refuse('PT403', 'not_allowed');
    end if;
end
$$;

create function public.enlist_machine() returns text
language plpgsql security definer set search_path = '' as $$
declare
    v_user uuid := private.require_user();
    -- App metadata can only be set with the secret key; a person cannot write it.
    v_kind text := private.app_metadata(v_user) ->> 'machine';
begin
    if v_kind is null or v_kind not in ('live', 'jobs') or private.my_person() is not null then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    insert into private.machines (user_id, kind) values (v_user, v_kind) on conflict do nothing;
    if found then
        perform private.record('machine_enlisted', 'machine', v_user);
    end if;
    return private.my_machine_kind();
end
$$;
comment on function public.enlist_machine is
    'Makes the caller the machine account its app metadata names (machine: live or jobs). Repeating it changes nothing.';

revoke execute on function
    private.my_machine_kind(), private.require_machine(text[]), public.enlist_machine()
    from public, anon, authenticated, service_role;
-- my_machine_kind: the policy on realtime.messages runs it as the one who asks.
grant execute on function private.my_machine_kind(), public.enlist_machine() to authenticated;
