-- Coming into a team and leaving it.
set lock_timeout = '5s';

create function private.tell_team(
    p_organisation uuid, p_young_person uuid, p_also uuid[] default '{}'
) returns void
language sql set search_path = '' as $$
    select private.hint('team', p_young_person, p_also || p_young_person || array(
        select t.person_id from private.current_teams as t
        where t.organisation_id = p_organisation and t.young_person_id = p_young_person and t.cleared
        union
        select m.person_id from private.current_memberships as m
        where m.organisation_id = p_organisation and m.cleared
            and m.role in ('coordinator', 'administrator')
    ))
$$;
comment on function private.tell_team is
    'A hint about the team of a young person: to them, to their team and to who coordinates it.';

create function private.is_my_charge(p_organisation uuid, p_young_person uuid) returns boolean
language sql stable set search_path = '' as $$
    select exists (
        select from private.current_teams as t
        where t.organisation_id = p_organisation and t.young_person_id = p_young_person
            and t.person_id = (select private.my_person()) and t.part = 'key_worker' and t.cleared
    )
$$;
comment on function private.is_my_charge is 'Whether I am their key worker there, and cleared.';

create function private.require_say_over_team(p_organisation uuid, p_young_person uuid) returns void
language plpgsql stable set search_path = '' as $$
begin
    perform private.require_person();
    if not private.is_my_charge(p_organisation, p_young_person) then
        perform private.require_cleared_role(p_organisation, 'coordinator');
    end if;
end
$$;

create function private.hold_young_person(p_organisation uuid, p_young_person uuid) returns void
language plpgsql set search_path = '' as $$
begin
    perform from public.memberships as m
    where m.organisation_id = p_organisation and m.person_id = p_young_person
        and m.role = 'young_person' and private.is_current(m.since, m.until)
    for no key update;
    if not found then
        perform private.refuse('PT404', 'not_found');
    end if;
end
$$;
comment on function private.hold_young_person is
    'One change at a time to a team, and none to the team of somebody who is leaving.';

create function private.require_fitting(
    p_organisation uuid, p_young_person uuid, p_person uuid, p_part text
) returns void
language plpgsql set search_path = '' as $$
begin
    -- The lock waits for whoever is just ending this membership or its clearance.
    perform from public.memberships as m
    join private.fitting_roles as f on f.role = m.role and f.part = p_part
    where m.organisation_id = p_organisation and m.person_id = p_person
        and private.is_current(m.since, m.until)
        and m.cleared_until >= (now() at time zone 'utc')::date and m.person_id <> p_young_person
    for share of m;
    if not found then
        perform private.refuse('PT422', 'person_not_fitting');
    end if;
end
$$;

create function private.checked_reason(p_reason text) returns text
language plpgsql immutable set search_path = '' as $$
begin
    if (p_reason ~ '^[a-z][a-z_]{1,39}$') is not true then
        perform private.refuse('PT422', 'reason_not_valid');
    end if;
    return p_reason;
end
$$;

create function private.checked_life_areas(p_part text, p_life_areas text[]) returns text[]
language plpgsql immutable set search_path = '' as $$
declare
    v_areas text[] := array(select distinct area from unnest(p_life_areas) as area order by area);
begin
    if p_part <> 'professional' and p_life_areas is null then
        return null;
    end if;
    if p_part <> 'professional' or v_areas = '{}' or not v_areas <@ private.life_areas() then
        perform private.refuse('PT422', 'life_areas_not_valid');
    end if;
    return v_areas;
end
$$;

create function private.begin_part(
    p_organisation uuid, p_young_person uuid, p_person uuid, p_part text, p_life_areas text[] default null
) returns uuid
language plpgsql set search_path = '' as $$
declare
    v_part uuid;
begin
    insert into public.team_members
        (organisation_id, young_person_id, person_id, part, life_areas, made_by)
    values
        (p_organisation, p_young_person, p_person, p_part, p_life_areas, private.my_person())
    returning id into v_part;
    perform private.record('team_joined', 'team_member', v_part, p_organisation);
    return v_part;
end
$$;

create function private.end_parts(p_parts uuid[], p_reason text) returns void
language plpgsql set search_path = '' as $$
declare
    v_ended public.team_members;
begin
    for v_ended in
        update public.team_members as t set until = greatest(clock_timestamp(), t.since)
        where t.id = any (p_parts) and t.until is null returning t.*
    loop
        perform private.record(
            'team_left', 'team_member', v_ended.id, v_ended.organisation_id, '{until}', p_reason
        );
    end loop;
end
$$;

create function private.leave_teams() returns trigger
language plpgsql set search_path = '' as $$
declare
    v_parts uuid[];
begin
    select array_agg(t.id) into v_parts from public.team_members as t
    where t.organisation_id = new.organisation_id and t.until is null
        and new.person_id in (t.person_id, t.young_person_id)
        and not (
            exists (
                select from public.memberships as m
                join private.fitting_roles as f on f.role = m.role and f.part = t.part
                where m.organisation_id = t.organisation_id and m.person_id = t.person_id
                    and private.is_current(m.since, m.until)
            ) and exists (
                select from public.memberships as m
                where m.organisation_id = t.organisation_id and m.person_id = t.young_person_id
                    and m.role = 'young_person' and private.is_current(m.since, m.until)
            )
        );
    perform private.end_parts(v_parts, 'membership_ended');
    perform private.tell_team(t.organisation_id, t.young_person_id, array_agg(t.person_id))
    from public.team_members as t where t.id = any (v_parts)
    group by t.organisation_id, t.young_person_id;
    return null;
end
$$;
comment on function private.leave_teams is
    'Who comes back to an organisation does not come back to the young people they had there.';

create trigger memberships_end_with_their_parts after update of until on public.memberships
    for each row when (new.until is distinct from old.until)
    execute function private.leave_teams();

revoke execute on function
    private.tell_team(uuid, uuid, uuid[]), private.is_my_charge(uuid, uuid),
    private.require_say_over_team(uuid, uuid), private.hold_young_person(uuid, uuid),
    private.require_fitting(uuid, uuid, uuid, text), private.checked_reason(text),
    private.checked_life_areas(text, text[]), private.begin_part(uuid, uuid, uuid, text, text[]),
    private.end_parts(uuid[], text), private.leave_teams()
    from public, anon, authenticated, service_role;
