-- Signing out one other device, and what a person reads about each of theirs.
set lock_timeout = '5s';

create function private.end_returns(p_users uuid[]) returns void
language plpgsql set search_path = '' as $$
declare
    v_ended uuid[] := array(select distinct r.user_id from private.returns as r where r.user_id = any (p_users));
begin
    if cardinality(v_ended) > 0 then
        delete from private.bindings as b where b.user_id = any (v_ended);
        delete from private.sign_ins as s where s.user_id = any (v_ended);
        perform private.record('return_ended', 'person', private.my_person());
    end if;
end
$$;
comment on function private.end_returns is
    'Ends those of these sign-ins that came in by a code. Whoever used a code that others could see chose its '
    'secret, and would just sign in again.';

create function public.close_one_device(p_cookie_hash text, p_ref uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_device private.devices := private.my_device(p_cookie_hash);
    v_returned uuid;
begin
    select d.user_id into v_returned from private.devices as d
    where d.id = p_ref and d.user_id <> v_device.user_id
        and d.user_id in (select private.my_reach(v_device.user_id))
        and exists (select from private.returns as r where r.user_id = d.user_id);
    -- One answer for a device that is gone, somebody else's, or out of reach.
    if private.drop_devices(array(
        select d.id from private.devices as d
        where (d.id = p_ref or d.user_id = v_returned)
            and d.user_id in (select private.my_reach(v_device.user_id))
    )) = 0 then
        perform private.refuse('PT404', 'not_found');
    end if;
    perform private.end_returns(array[v_returned]);
end
$$;
comment on function public.close_one_device is
    'Signs out the device with this ref of my_devices; a sign-in that is not full yet only its own. One that '
    'came in by a code, as another sign-in than mine, ends with all its devices: that secret opens nothing more.';

revoke execute on function private.end_returns(uuid[]), public.close_one_device(text, uuid)
    from public, anon, authenticated, service_role;
grant execute on function public.close_one_device(text, uuid) to authenticated;
