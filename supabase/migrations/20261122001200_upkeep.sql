-- Errors without words, and sweeping up what is past its time.
set lock_timeout = '5s';

create table private.errors (
    fingerprint text primary key check (fingerprint ~ '^[0-9a-f]{8,64}$'),
    code text not null check (code ~ '^[A-Za-z][A-Za-z0-9_.]{0,79}$'),
    place text not null check (place ~ '^[A-Za-z0-9_./:<>-]{1,160}$'),
    count bigint not null default 1,
    first_at timestamptz not null default now(),
    last_at timestamptz not null default now()
);
comment on table private.errors is 'What went wrong, where and how often. No sentence fits in: no name can leak.';
create index errors_by_age on private.errors (last_at);

alter table private.errors enable row level security;
alter table private.errors force row level security;
revoke all on private.errors from public, anon, authenticated, service_role;

create function public.machine_report_error(p_fingerprint text, p_code text, p_place text) returns void
language plpgsql security definer set search_path = '' as $$
begin
    perform private.require_machine('live', 'jobs');
    if (p_fingerprint ~ '^[0-9a-f]{8,64}$' and p_code ~ '^[A-Za-z][A-Za-z0-9_.]{0,79}$'
        and p_place ~ '^[A-Za-z0-9_./:<>-]{1,160}$') is not true
    then
        perform private.refuse('PT422', 'report_not_valid');
    end if;
    insert into private.errors as e (fingerprint, code, place) values (p_fingerprint, p_code, p_place)
    on conflict (fingerprint) do update set count = e.count + 1, last_at = now();
    -- 500 kinds are kept; the one not seen for longest makes room.
    delete from private.errors as e where e.fingerprint in (
        select old.fingerprint from private.errors as old
        where old.fingerprint <> p_fingerprint order by old.last_at desc, old.fingerprint offset 499
    );
end
$$;

create function private.sweep_messages() returns integer
language plpgsql set search_path = '' as $$
declare
    v_swept integer := 0;
begin
    -- Hosted projects clear this table themselves and may not let us.
    if has_table_privilege(current_user, 'realtime.messages', 'delete') then
        delete from realtime.messages as m
        where m.topic like 'hints:%' and m.inserted_at < (now() at time zone 'utc') - interval '1 hour';
        get diagnostics v_swept = row_count;
    end if;
    return v_swept;
end
$$;

create function public.machine_sweep() returns json
language plpgsql security definer set search_path = '' as $$
declare
    v_devices integer;
    v_bindings integer;
    v_codes integer;
    v_hints integer;
    v_errors integer;
begin
    perform private.require_machine('jobs');
    delete from private.devices as d where d.expires_at < now();
    get diagnostics v_devices = row_count;
    v_devices := v_devices + private.drop_devices(array(
        select d.id from private.devices as d
        where d.shared and d.active_at < now() - interval '15 minutes'
    ));
    delete from private.bindings as b where b.expires_at < now() or b.wrong >= 5;
    get diagnostics v_bindings = row_count;
    delete from private.codes as c where c.expires_at < now();
    get diagnostics v_codes = row_count;
    -- machine_changes_since calls a cursor of 20 hours too old, so a day is enough.
    delete from private.hints as h where h.at < now() - interval '24 hours';
    get diagnostics v_hints = row_count;
    delete from private.errors as e where e.last_at < now() - interval '90 days';
    get diagnostics v_errors = row_count;
    return json_build_object(
        'devices', v_devices, 'bindings', v_bindings, 'codes', v_codes, 'hints', v_hints, 'errors', v_errors,
        'messages', private.sweep_messages()
    );
end
$$;

revoke execute on function
    private.sweep_messages(), public.machine_report_error(text, text, text), public.machine_sweep()
    from public, anon, authenticated, service_role;
grant execute on function public.machine_report_error(text, text, text), public.machine_sweep()
    to authenticated;
