-- PIN and pictures: short answers that count only on a browser somebody bound to their sign-in.
-- What lies here is sealed under the answer, the browser's cookie and a key of the app together, so
-- that none of it can be tried on a copy of this table.
set lock_timeout = '5s';

create table private.bindings (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    -- The sign-in this browser had last. Closing the other devices takes their bindings too.
    device_id uuid references private.devices (id) on delete set null,
    binding_hash text not null unique check (binding_hash ~ '^[0-9a-f]{64}$'),
    kind text not null check (kind in ('pin', 'pictures')),
    sealed text not null check (
        sealed ~ '^b1[.][a-z0-9]{1,16}[.][A-Za-z0-9_-]+$' and char_length(sealed) <= 2048
    ),
    wrong smallint not null default 0 check (wrong between 0 and 5),
    created_at timestamptz not null default now(),
    last_used_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index bindings_by_user on private.bindings (user_id);
create index bindings_by_device on private.bindings (device_id);
create index bindings_by_expiry on private.bindings (expires_at);

alter table private.bindings enable row level security;
alter table private.bindings force row level security;
revoke all on private.bindings from public, anon, authenticated, service_role;

create function public.bind_browser(
    p_cookie_hash text, p_binding_hash text, p_kind text, p_sealed text
) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_device private.devices := private.my_device(p_cookie_hash);
begin
    if private.is_locked(v_device) then
        perform private.refuse('PT403', 'locked');
    end if;
    if (p_binding_hash ~ '^[0-9a-f]{64}$' and p_kind in ('pin', 'pictures')
        and p_sealed ~ '^b1[.][a-z0-9]{1,16}[.][A-Za-z0-9_-]+$'
        and char_length(p_sealed) <= 2048) is not true
    then
        perform private.refuse('PT422', 'binding_not_valid');
    end if;
    -- A loop of bindings must not fill the table.
    delete from private.bindings as b where b.id in (
        select old.id from private.bindings as old where old.user_id = v_device.user_id
        order by old.last_used_at desc, old.created_at desc offset 19
    );
    insert into private.bindings (user_id, device_id, binding_hash, kind, sealed, expires_at)
    values (
        v_device.user_id, v_device.id, p_binding_hash, p_kind, p_sealed, now() + interval '400 days'
    )
    on conflict (binding_hash) do nothing;
    if not found then
        perform private.refuse('PT409', 'binding_exists');
    end if;
    perform private.record('browser_bound', 'device', v_device.id);
end
$$;
comment on function public.bind_browser is
    'Lets a short answer stand for this sign-in in this browser: kind pin or pictures; 20 browsers at most.';

create function public.look_binding(p_binding_hash text) returns json
language sql stable security definer set search_path = '' as $$
    select json_build_object('kind', b.kind, 'tries_left', 5 - b.wrong)
    from private.bindings as b
    where b.binding_hash = p_binding_hash and b.wrong < 5 and b.expires_at > now()
$$;
comment on function public.look_binding is
    'What to ask for in this browser, or null. Counts nothing and gives away nothing that is sealed.';

create function public.try_binding(p_binding_hash text, p_key_ids text[]) returns json
language plpgsql security definer set search_path = '' as $$
declare
    v_tried private.bindings;
begin
    -- Counted before anybody knows whether it is right, one after the other: the row is the lock.
    update private.bindings as b set wrong = b.wrong + 1
    where b.binding_hash = p_binding_hash and b.wrong < 5 and b.expires_at > now()
        and split_part(b.sealed, '.', 2) = any (p_key_ids)
    returning b.* into v_tried;
    if found then
        return json_build_object(
            'kind', v_tried.kind, 'sealed', v_tried.sealed, 'tries_left', 5 - v_tried.wrong
        );
    end if;
    delete from private.bindings as b where b.binding_hash = p_binding_hash and b.wrong >= 5;
    -- A process without the right key is no try: it could never have opened it.
    return (
        select json_build_object('key_missing', true) from private.bindings as b
        where b.binding_hash = p_binding_hash and b.expires_at > now()
    );
end
$$;
comment on function public.try_binding is
    'Counts a try as wrong and gives what is sealed; null when unbound. Five in a row, and it is unbound.';

create function public.renew_binding(p_cookie_hash text, p_binding_hash text) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_device private.devices := private.my_device(p_cookie_hash);
begin
    update private.bindings as b
    set wrong = 0, device_id = v_device.id, last_used_at = now(),
        expires_at = now() + interval '400 days'
    where b.binding_hash = p_binding_hash and b.user_id = v_device.user_id;
end
$$;
comment on function public.renew_binding is
    'After a right answer, by who is signed in with it: the tries and the time begin anew.';

create function public.drop_binding(p_binding_hash text) returns void
language sql security definer set search_path = '' as $$
    delete from private.bindings as b where b.binding_hash = p_binding_hash
$$;
comment on function public.drop_binding is
    'Unbinds one browser. Whoever holds its cookie may, also without a sign-in.';

create function private.drop_other_bindings(p_user uuid, p_device uuid) returns void
language sql set search_path = '' as $$
    delete from private.bindings as b
    where b.user_id in (select private.my_reach(p_user)) and b.device_id is distinct from p_device
$$;

revoke execute on function
    private.drop_other_bindings(uuid, uuid),
    public.bind_browser(text, text, text, text), public.look_binding(text),
    public.try_binding(text, text[]), public.renew_binding(text, text), public.drop_binding(text)
    from public, anon, authenticated, service_role;
grant execute on function
    public.look_binding(text), public.try_binding(text, text[]), public.drop_binding(text)
    to anon, authenticated;
grant execute on function
    public.bind_browser(text, text, text, text), public.renew_binding(text, text)
    to authenticated;
