-- One person may hold several roles in one organisation, one membership each.
set lock_timeout = '5s';

create function private.require_second_person(p_organisation uuid, p_person uuid) returns void
language plpgsql stable set search_path = '' as $$
begin
    if p_person = private.my_person() and exists (
        select from private.current_memberships as m
        where m.organisation_id = p_organisation and m.role in ('coordinator', 'administrator')
            and m.person_id <> p_person
    ) then
        perform private.refuse('PT403', 'not_yourself');
    end if;
end
$$;
comment on function private.require_second_person is
    'Nobody widens their own rights while there is somebody else who could say yes.';

create function public.add_role(p_organisation uuid, p_person uuid, p_role text) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
    v_membership uuid;
begin
    perform private.require_role(p_organisation, 'coordinator', 'administrator');
    perform private.require_right_to_add(p_organisation, p_role);
    perform private.require_second_person(p_organisation, p_person);
    -- Only who is here already: a role must not be a way to pull in somebody from elsewhere.
    if not exists (
        select from private.current_memberships as m
        where m.organisation_id = p_organisation and m.person_id = p_person
    ) then
        perform private.refuse('PT404', 'not_found');
    end if;
    insert into public.memberships (organisation_id, person_id, role)
    values (p_organisation, p_person, p_role)
    on conflict on constraint one_current_membership_per_role do nothing
    returning id into v_membership;
    if v_membership is null then
        perform private.refuse('PT409', 'already_there');
    end if;
    perform private.record('role_added', 'membership', v_membership, p_organisation);
    perform private.hint('access', v_membership, array[p_person]);
    perform private.hint('person', p_person, array_remove(private.who_sees(p_person), p_person));
    return v_membership;
end
$$;
comment on function public.add_role is
    'A further role for somebody of this organisation, by its coordinators and administrators.';

revoke execute on function private.require_second_person(uuid, uuid), public.add_role(uuid, uuid, text)
    from public, anon, authenticated, service_role;
grant execute on function public.add_role(uuid, uuid, text) to authenticated;
