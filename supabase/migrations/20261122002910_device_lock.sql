-- Locking a device: it stays signed in, and shows nothing until its person has shown who they are.
set lock_timeout = '5s';

create function public.lock_device(p_cookie_hash text) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_device private.devices;
begin
    update private.devices as d set locked_at = now()
    where d.cookie_hash = p_cookie_hash and d.locked_at is null and not private.is_over(d)
    returning d.* into v_device;
    if found then
        perform private.hint('device', v_device.id, array(
            select s.person_id from private.sign_ins as s where s.user_id = v_device.user_id
        ));
    end if;
end
$$;
comment on function public.lock_device is
    'Locks one device and tells every process. Whoever holds the cookie may, also with a dead session.';

create function public.touch_device(p_cookie_hash text) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
    update private.devices as d set active_at = now()
    where d.cookie_hash = p_cookie_hash and not private.is_locked(d) and not private.is_over(d);
    return found;
end
$$;
comment on function public.touch_device is
    'Notes that a person just did something there; false, and nothing noted, once it is locked or gone.';

create function public.unlock_device(p_cookie_hash text) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_device private.devices := private.my_device(p_cookie_hash);
begin
    update private.devices as d set locked_at = null, active_at = now() where d.id = v_device.id;
    perform private.hint('device', v_device.id, array[private.my_person()]);
end
$$;
comment on function public.unlock_device is
    'Opens a locked device of mine again. The app calls it after the right answer, and never before.';

create function public.set_lock(p_cookie_hash text, p_minutes integer) returns integer
language plpgsql security definer set search_path = '' as $$
declare
    v_device private.devices := private.my_device(p_cookie_hash);
begin
    if (p_minutes between 1 and 30) is not true then
        perform private.refuse('PT422', 'minutes_not_valid');
    end if;
    -- Else a longer time would open what is locked by now.
    if private.is_locked(v_device) then
        perform private.refuse('PT403', 'locked');
    end if;
    if v_device.shared or v_device.lock_minutes = p_minutes then
        return v_device.lock_minutes;
    end if;
    update private.devices as d set lock_minutes = p_minutes where d.id = v_device.id;
    perform private.hint('device', v_device.id, array[private.my_person()]);
    return p_minutes;
end
$$;
comment on function public.set_lock is
    'After how many idle minutes this device locks; the answer is what holds, on a shared one always 1.';

revoke execute on function
    public.lock_device(text), public.touch_device(text), public.unlock_device(text),
    public.set_lock(text, integer)
    from public, anon, authenticated, service_role;
grant execute on function public.lock_device(text), public.touch_device(text) to anon, authenticated;
grant execute on function public.unlock_device(text), public.set_lock(text, integer) to authenticated;
