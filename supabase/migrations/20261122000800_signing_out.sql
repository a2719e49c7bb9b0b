-- Which devices a person has, and the ways to close them.
set lock_timeout = '5s';

create function private.my_reach(p_user uuid) returns setof uuid
language sql stable rows 2 set search_path = '' as $$
    select p_user
    union
    select other.user_id
    from private.sign_ins as mine
    join private.sign_ins as other on other.person_id = mine.person_id
    where mine.user_id = p_user and mine.full_from <= now()
$$;
comment on function private.my_reach is
    'The sign-ins whose devices this sign-in may see and close: the person''s, but only itself while not full.';

create function public.close_device(p_cookie_hash text) returns void
language plpgsql security definer set search_path = '' as $$
begin
    perform private.drop_devices(array(
        select d.id from private.devices as d where d.cookie_hash = p_cookie_hash
    ));
end
$$;
comment on function public.close_device is
    'Signs one device out. Signing out must work with a dead session, so knowing the cookie is enough.';

create function public.close_devices(p_cookie_hash text, p_keep_this boolean) returns integer
language plpgsql security definer set search_path = '' as $$
declare
    v_device private.devices := private.my_device(p_cookie_hash);
    v_closed integer;
begin
    perform private.require_given(jsonb_build_object('keep_this', p_keep_this));
    perform private.drop_other_bindings(v_device.user_id, v_device.id);
    v_closed := private.drop_devices(array(
        select d.id from private.devices as d
        where d.user_id in (select private.my_reach(v_device.user_id))
            and not (p_keep_this and d.id = v_device.id)
    ));
    perform private.end_returns(array(
        select each from private.my_reach(v_device.user_id) as each where each <> v_device.user_id
    ));
    return v_closed;
end
$$;
comment on function public.close_devices is
    'Signs out all devices of a person, or all but this one. Another sign-in that came in by a code ends, too.';

create function public.my_devices(p_cookie_hash text) returns json
language plpgsql stable security definer set search_path = '' as $$
declare
    v_device private.devices := private.my_device(p_cookie_hash);
begin
    return (
        select json_agg(json_build_object(
            'ref', d.id,
            'label', d.label,
            'created_at', d.created_at,
            'last_seen_at', greatest(d.last_seen_at, d.active_at),
            'this', d.id = v_device.id,
            'shared', d.shared,
            'lock_minutes', d.lock_minutes,
            'returned', exists (
                select from private.sign_ins as s
                where s.user_id = d.user_id and s.full_from > s.created_at
            )
        ) order by d.id = v_device.id desc, greatest(d.last_seen_at, d.active_at) desc)
        from private.devices as d
        where d.user_id in (select private.my_reach(v_device.user_id)) and not private.is_over(d)
    );
end
$$;
comment on function public.my_devices is 'returned: it came in with a code to get back in.';

create function public.choose_membership(p_cookie_hash text, p_membership uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_device private.devices := private.my_device(p_cookie_hash);
begin
    if (p_membership in (select private.my_memberships())) is not true then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    update private.devices as d set membership_id = p_membership where d.id = v_device.id;
    perform private.hint('access', v_device.id, array[private.my_person()]);
end
$$;

revoke execute on function
    private.my_reach(uuid), public.close_device(text), public.close_devices(text, boolean),
    public.my_devices(text), public.choose_membership(text, uuid)
    from public, anon, authenticated, service_role;
grant execute on function public.close_device(text) to anon, authenticated;
grant execute on function
    public.close_devices(text, boolean), public.my_devices(text), public.choose_membership(text, uuid)
    to authenticated;
