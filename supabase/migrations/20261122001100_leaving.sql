-- How a membership ends, at once and with everything that hangs on it.
set lock_timeout = '5s';

-- now() is when a transaction began: one that waited for another would still count as current what
-- the other has just ended.
create function private.is_current(p_since timestamptz, p_until timestamptz) returns boolean
language sql volatile set search_path = '' as $$
    select p_since <= clock_timestamp() and (p_until is null or p_until > clock_timestamp())
$$;
comment on function private.is_current is
    'At this very moment, for decisions behind a lock; reads take private.current_memberships.';

create function private.is_last_administrator(p_membership uuid) returns boolean
language sql stable set search_path = '' as $$
    select m.role = 'administrator' and not exists (
        select from public.memberships as other
        where other.organisation_id = m.organisation_id
            and other.role = 'administrator' and other.id <> m.id
            and private.is_current(other.since, other.until)
    )
    from public.memberships as m where m.id = p_membership and private.is_current(m.since, m.until)
$$;

create function public.end_membership(p_membership uuid, p_reason text) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_ended public.memberships;
    v_watching uuid[];
begin
    perform private.require_person();
    select m.* into v_ended from public.memberships as m where m.id = p_membership;
    perform private.require_role(v_ended.organisation_id, variadic case v_ended.role
        when 'administrator' then '{administrator}' else '{coordinator,administrator}'
    end::text[]);
    if (p_reason ~ '^[a-z][a-z_]{1,39}$') is not true then
        perform private.refuse('PT422', 'reason_not_valid');
    end if;
    -- One at a time in an organisation: else two administrators could end each other.
    perform from public.organisations as o where o.id = v_ended.organisation_id for no key update;
    if private.is_last_administrator(p_membership) then
        perform private.refuse('PT409', 'last_administrator');
    end if;
    v_watching := array_remove(private.who_sees(v_ended.person_id), v_ended.person_id);
    update public.memberships as m set until = now()
    where m.id = p_membership and m.since <= now() and (m.until is null or m.until > now());
    if not found then
        perform private.refuse('PT409', 'already_ended');
    end if;
    perform private.record(
        'membership_ended', 'membership', p_membership, v_ended.organisation_id, '{until}', p_reason
    );
    perform private.shut_out(v_ended.person_id);
    perform private.hint('access', p_membership, array[v_ended.person_id]);
    perform private.hint('person', v_ended.person_id, v_watching);
end
$$;
comment on function public.end_membership is
    'Ends it now. The reason is a snake_case code: what a person wrote could never leave the audit again.';

create function private.shut_out(p_person uuid) returns void
language plpgsql set search_path = '' as $$
begin
    -- One at a time for a person: else each of two would see the other's membership and leave.
    perform from public.people as p where p.id = p_person for no key update;
    if exists (
        select from public.memberships as m
        where m.person_id = p_person and private.is_current(m.since, m.until)
    ) then
        return;
    end if;
    perform private.drop_devices(array(
        select d.id from private.devices as d
        join private.sign_ins as s on s.user_id = d.user_id where s.person_id = p_person
    ));
    delete from private.bindings as b using private.sign_ins as s
    where s.user_id = b.user_id and s.person_id = p_person;
    delete from private.codes as c where c.person_id = p_person;
end
$$;
comment on function private.shut_out is 'Takes devices and codes from a person who belongs nowhere any more.';

revoke execute on function
    private.is_current(timestamptz, timestamptz), private.is_last_administrator(uuid),
    private.shut_out(uuid), public.end_membership(uuid, text)
    from public, anon, authenticated, service_role;
grant execute on function public.end_membership(uuid, text) to authenticated;
