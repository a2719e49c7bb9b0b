-- What coordinators, key worker and team may do about a team, and fresh codes for who has not come in.
set lock_timeout = '5s';

create function public.set_key_worker(
    p_organisation uuid, p_young_person uuid, p_person uuid, p_seen uuid
) returns uuid language plpgsql security definer set search_path = '' as $$
declare
    v_before public.team_members;
    v_part uuid;
begin
    perform private.require_cleared_role(p_organisation, 'coordinator');
    -- A key worker may read; a coordinator gets there by a second person's word only.
    if p_person = private.my_person() then
        perform private.refuse('PT403', 'not_yourself');
    end if;
    perform private.hold_young_person(p_organisation, p_young_person);
    select t.* into v_before from public.team_members as t
    where t.organisation_id = p_organisation and t.young_person_id = p_young_person
        and t.part = 'key_worker' and t.until is null;
    if v_before.id is distinct from p_seen then
        perform private.refuse('PT409', 'changed_meanwhile');
    end if;
    perform private.require_fitting(p_organisation, p_young_person, p_person, 'key_worker');
    if v_before.person_id = p_person then
        perform private.refuse('PT409', 'already_there');
    end if;
    perform private.end_parts(array(
        select t.id from public.team_members as t
        where t.organisation_id = p_organisation and t.young_person_id = p_young_person
            and t.until is null and (t.id = v_before.id or t.person_id = p_person)
    ), 'replaced');
    v_part := private.begin_part(p_organisation, p_young_person, p_person, 'key_worker');
    perform private.tell_team(p_organisation, p_young_person, array[v_before.person_id]);
    return v_part;
end
$$;
comment on function public.set_key_worker is
    'seen: the part of the key worker until now, null for nobody; the caller must have seen the present one.';

create function public.add_to_team(
    p_organisation uuid, p_young_person uuid, p_person uuid, p_part text, p_life_areas text[]
) returns uuid language plpgsql security definer set search_path = '' as $$
declare
    v_areas text[];
    v_part uuid;
begin
    perform private.require_say_over_team(p_organisation, p_young_person);
    if (p_part in ('stand_in', 'mentor', 'professional')) is not true then
        perform private.refuse('PT422', 'part_not_valid');
    end if;
    v_areas := private.checked_life_areas(p_part, p_life_areas);
    -- A stand-in may read; so nobody becomes one without a second person.
    if p_part = 'stand_in' and p_person = private.my_person() then
        perform private.refuse('PT403', 'not_yourself');
    end if;
    perform private.hold_young_person(p_organisation, p_young_person);
    perform private.require_fitting(p_organisation, p_young_person, p_person, p_part);
    if exists (
        select from public.team_members as t
        where t.organisation_id = p_organisation and t.young_person_id = p_young_person
            and t.person_id = p_person and t.until is null
    ) then
        perform private.refuse('PT409', 'already_there');
    end if;
    v_part := private.begin_part(p_organisation, p_young_person, p_person, p_part, v_areas);
    perform private.tell_team(p_organisation, p_young_person);
    return v_part;
end
$$;
comment on function public.add_to_team is
    'Stand-in, mentor or professional, by the key worker or a coordinator; life areas for the last only.';

create function public.leave_team(p_team_member uuid, p_reason text) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_person();
    v_seen public.team_members;
begin
    select t.* into v_seen from public.team_members as t where t.id = p_team_member for update;
    -- A key worker does not just go: a coordinator ends that part, and mostly by naming the next.
    if (v_seen.part <> 'key_worker' and (
        v_seen.person_id = v_me
        or private.is_my_charge(v_seen.organisation_id, v_seen.young_person_id)
    )) is not true then
        perform private.require_cleared_role(v_seen.organisation_id, 'coordinator');
    end if;
    perform private.checked_reason(p_reason);
    if v_seen.until is not null then
        perform private.refuse('PT409', 'already_ended');
    end if;
    perform private.end_parts(array[p_team_member], p_reason);
    perform private.tell_team(
        v_seen.organisation_id, v_seen.young_person_id, array[v_seen.person_id]
    );
end
$$;
comment on function public.leave_team is
    'By a coordinator; but for the key worker''s part also by the key worker and by who has it.';

create function private.add_code(p_person uuid) returns text
language plpgsql set search_path = '' as $$
declare
    v_code text := private.new_code();
begin
    insert into private.codes (digest, person_id, made_by, expires_at)
    values (private.code_digest(v_code), p_person, private.my_person(), now() + interval '48 hours');
    return v_code;
end
$$;

create function public.new_code(p_person uuid) returns json
language plpgsql security definer set search_path = '' as $$
declare
    v_organisation uuid;
    v_code text;
begin
    perform private.require_person();
    select m.organisation_id into v_organisation from private.current_memberships as m
    where m.person_id = p_person and m.role = 'young_person' and (
        private.is_my_charge(m.organisation_id, p_person)
        or private.has_cleared_role(m.organisation_id, 'coordinator')
    ) order by m.since limit 1;
    if not found then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    perform from public.people as p where p.id = p_person for update;
    -- A code used once stands for a sign-in that was taken away; getting back in is another way.
    if exists (select from private.sign_ins as s where s.person_id = p_person) or exists (
        select from private.codes as c where c.person_id = p_person and c.used_at is not null
    ) then
        perform private.refuse('PT409', 'already_joined');
    end if;
    delete from private.codes as c where c.person_id = p_person;
    v_code := private.add_code(p_person);
    perform private.record('code_made', 'person', p_person, v_organisation);
    perform private.hint('person', p_person, private.who_sees(p_person));
    return json_build_object('person_id', p_person, 'code', v_code);
end
$$;
comment on function public.new_code is
    'For a young person who has not come in yet, by their key worker or a coordinator. Earlier codes die.';

revoke execute on function
    private.add_code(uuid), public.set_key_worker(uuid, uuid, uuid, uuid),
    public.add_to_team(uuid, uuid, uuid, text, text[]), public.leave_team(uuid, text),
    public.add_person(uuid, text, text, text), public.new_code(uuid)
    from public, anon, authenticated, service_role;
grant execute on function
    public.set_key_worker(uuid, uuid, uuid, uuid),
    public.add_to_team(uuid, uuid, uuid, text, text[]), public.leave_team(uuid, text),
    public.add_person(uuid, text, text, text), public.new_code(uuid)
    to authenticated;
