-- Signed-in browsers. The cookie's value never comes here, only its SHA-256; the refresh token
-- behind it is sealed with a key that the database does not have.
set lock_timeout = '5s';

create table private.devices (
    id uuid primary key default gen_random_uuid(),
    cookie_hash text not null unique check (cookie_hash ~ '^[0-9a-f]{64}$'),
    user_id uuid not null references auth.users (id) on delete cascade,
    -- The membership the person works in on this device; null: the first current one.
    membership_id uuid references public.memberships (id) on delete set null,
    sealed text not null check (char_length(sealed) between 1 and 8192),
    label private.name not null,
    -- Of a house or a friend: whoever comes next must find nothing.
    shared boolean not null default false,
    lock_minutes smallint not null default 5 check (lock_minutes between 1 and 30),
    -- When a person last did something here, up to a minute late.
    active_at timestamptz not null default now(),
    locked_at timestamptz,
    version integer not null default 1 check (version > 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at timestamptz not null check (expires_at > created_at),
    constraint shared_devices_lock_at_once check (not shared or lock_minutes = 1)
);
create index devices_by_user on private.devices (user_id);
create index devices_by_membership on private.devices (membership_id);
create index devices_by_expiry on private.devices (expires_at);
create index shared_devices_by_activity on private.devices (active_at) where shared;

alter table private.devices enable row level security;
alter table private.devices force row level security;
revoke all on private.devices from public, anon, authenticated, service_role;

-- Only a new secret is a new version: last_seen_at and the membership may change beside it.
create trigger devices_count_versions before update of sealed on private.devices
    for each row execute function private.touch();

create function private.active_membership(p_user uuid, p_chosen uuid) returns uuid
language sql stable set search_path = '' as $$
    select m.id
    from private.current_memberships as m
    join private.sign_ins as s on s.person_id = m.person_id
    where s.user_id = p_user
    order by m.id = p_chosen desc nulls last, m.role = 'administrator', m.since, m.id
    limit 1
$$;
comment on function private.active_membership is
    'The chosen one while it lasts, else the oldest; an administrator''s only when there is no other.';

create function private.is_over(p_device private.devices) returns boolean
language sql stable set search_path = '' as $$
    select p_device.expires_at <= now()
        or p_device.shared and p_device.active_at < now() - interval '15 minutes'
$$;
comment on function private.is_over is
    'Whether a device is signed out by the clock: at its end, or when nobody used a shared one for a while.';

create function private.is_locked(p_device private.devices) returns boolean
language sql stable set search_path = '' as $$
    select p_device.locked_at is not null
        or p_device.active_at < now() - make_interval(mins => p_device.lock_minutes)
$$;

create function private.my_device(p_cookie_hash text) returns private.devices
language plpgsql stable set search_path = '' as $$
declare
    v_device private.devices;
begin
    select d.* into v_device from private.devices as d
    where d.cookie_hash = p_cookie_hash and d.user_id = private.require_user()
        and not private.is_over(d);
    if not found then
        perform private.refuse('PT401', 'signed_out');
    end if;
    return v_device;
end
$$;

create function private.drop_devices(p_devices uuid[]) returns integer
language plpgsql set search_path = '' as $$
declare
    v_dropped integer;
begin
    perform private.hint('device', d.id, array[s.person_id])
    from private.devices as d join private.sign_ins as s on s.user_id = d.user_id
    where d.id = any (p_devices) and d.expires_at > now();
    delete from private.devices as d where d.id = any (p_devices);
    get diagnostics v_dropped = row_count;
    return v_dropped;
end
$$;
comment on function private.drop_devices is 'Forgets devices and tells every process, which then ends their sessions.';

create function public.open_device(p_cookie_hash text) returns json
language plpgsql security definer set search_path = '' as $$
declare
    v_device private.devices;
begin
    select d.* into v_device from private.devices as d
    where d.cookie_hash = p_cookie_hash and not private.is_over(d);
    if not found then
        return null;
    end if;
    update private.devices as d set last_seen_at = now()
    where d.id = v_device.id and d.last_seen_at < now() - interval '1 hour';
    return json_build_object(
        'ref', v_device.id,
        'user_id', v_device.user_id,
        'person_id', (select s.person_id from private.sign_ins as s where s.user_id = v_device.user_id),
        'membership_id', private.active_membership(v_device.user_id, v_device.membership_id),
        'sealed', v_device.sealed,
        'version', v_device.version,
        'locked', private.is_locked(v_device),
        'lock_minutes', v_device.lock_minutes,
        'shared', v_device.shared,
        'idle_seconds', extract(epoch from now() - v_device.active_at)::integer,
        'expires_at', v_device.expires_at
    );
end
$$;
comment on function public.open_device is
    'What lies behind a cookie, or null. Knowing 256 random bits is the proof, so nobody need be signed in.';

create function public.keep_device(
    p_cookie_hash text, p_sealed text, p_label text, p_days integer, p_shared boolean default false
) returns json language plpgsql security definer set search_path = '' as $$
declare
    v_user uuid := private.require_user();
    v_label text := private.checked_name(p_label, 'label');
begin
    if (p_cookie_hash ~ '^[0-9a-f]{64}$' and char_length(p_sealed) between 1 and 8192
        and p_days between 1 and 400 and p_shared is not null) is not true
    then
        perform private.refuse('PT422', 'device_not_valid');
    end if;
    -- A loop of sign-ins must not fill the table: a person keeps the 50 they used last.
    perform private.drop_devices(array(
        select d.id from private.devices as d where d.user_id = v_user
        order by d.last_seen_at desc, d.created_at desc offset 49
    ));
    insert into private.devices
        (cookie_hash, user_id, sealed, label, shared, lock_minutes, expires_at)
    values (
        p_cookie_hash, v_user, p_sealed, v_label, p_shared, case when p_shared then 1 else 5 end,
        now() + make_interval(days => p_days)
    )
    on conflict (cookie_hash) do nothing;
    if not found then
        perform private.refuse('PT409', 'device_exists');
    end if;
    return json_build_object('version', 1, 'person_id', private.my_person());
end
$$;

create function public.renew_device(p_cookie_hash text, p_sealed text, p_version integer)
returns integer language plpgsql security definer set search_path = '' as $$
declare
    v_device private.devices := private.my_device(p_cookie_hash);
    v_version integer;
begin
    if (char_length(p_sealed) between 1 and 8192 and p_version is not null) is not true then
        perform private.refuse('PT422', 'device_not_valid');
    end if;
    update private.devices as d set sealed = p_sealed
    where d.id = v_device.id and d.version = p_version returning d.version into v_version;
    if v_version is null then
        perform private.refuse('PT409', 'device_changed');
    end if;
    return v_version;
end
$$;

revoke execute on function
    private.active_membership(uuid, uuid), private.is_over(private.devices),
    private.is_locked(private.devices), private.my_device(text), private.drop_devices(uuid[]),
    public.open_device(text), public.keep_device(text, text, text, integer, boolean),
    public.renew_device(text, text, integer)
    from public, anon, authenticated, service_role;
grant execute on function public.open_device(text) to anon, authenticated;
grant execute on function
    public.keep_device(text, text, text, integer, boolean), public.renew_device(text, text, integer)
    to authenticated;
