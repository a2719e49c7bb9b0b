-- Another key worker, with a reason; and everybody's way out of an organisation, at once.
set lock_timeout = '5s';

create function public.hand_over(
    p_organisation uuid, p_young_person uuid, p_person uuid, p_seen uuid, p_reason text,
    p_stays boolean
) returns uuid language plpgsql security definer set search_path = '' as $$
declare
    v_before public.team_members;
    v_part uuid;
begin
    perform private.require_cleared_role(p_organisation, 'coordinator');
    perform private.checked_reason(p_reason);
    v_part := public.set_key_worker(p_organisation, p_young_person, p_person, p_seen);
    perform private.record(
        'key_worker_changed', 'person', p_young_person, p_organisation, '{key_worker}', p_reason
    );
    select t.* into v_before from public.team_members as t where t.id = p_seen;
    if p_stays and v_before.person_id is not null then
        perform private.require_fitting(
            p_organisation, p_young_person, v_before.person_id, 'stand_in'
        );
        perform private.begin_part(
            p_organisation, p_young_person, v_before.person_id, 'stand_in'
        );
    end if;
    return v_part;
end
$$;
comment on function public.hand_over is
    'set_key_worker with a reason for the audit; stays: the one until now goes on as stand-in.';

create function public.remove_access(p_organisation uuid, p_person uuid, p_reason text) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_membership uuid;
begin
    perform private.require_role(p_organisation, 'coordinator', 'administrator');
    perform private.checked_reason(p_reason);
    if p_person = private.my_person() then
        perform private.refuse('PT403', 'not_yourself');
    end if;
    for v_membership in
        select m.id from private.current_memberships as m
        where m.organisation_id = p_organisation and m.person_id = p_person
            and m.role <> 'young_person'
        order by m.id
    loop
        perform public.end_membership(v_membership, p_reason);
    end loop;
    if not found then
        perform private.refuse('PT404', 'not_found');
    end if;
end
$$;
comment on function public.remove_access is
    'Ends every role of somebody who works here, all or none; who belongs nowhere then is signed out everywhere.';

revoke execute on function
    public.hand_over(uuid, uuid, uuid, uuid, text, boolean), public.remove_access(uuid, uuid, text)
    from public, anon, authenticated, service_role;
grant execute on function
    public.hand_over(uuid, uuid, uuid, uuid, text, boolean), public.remove_access(uuid, uuid, text)
    to authenticated;
