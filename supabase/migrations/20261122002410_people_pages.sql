-- Lists of people, and the page of one of them.
set lock_timeout = '5s';

create function private.first_name(p_name text) returns text
language sql immutable set search_path = '' as $$
    select (regexp_match(p_name, '[^\u0009-\u0020\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]+'))[1]
$$;

create function public.my_team() returns json
language plpgsql stable security definer set search_path = '' as $$
declare
    v_me uuid := private.require_person();
begin
    return private.team_as_json(v_me, array(
        select t.id from private.current_teams as t where t.young_person_id = v_me
    ));
end
$$;
comment on function public.my_team is 'The people around me, the key worker first.';

create function public.my_young_people() returns json
language plpgsql stable security definer set search_path = '' as $$
declare
    v_me uuid := private.require_person();
begin
    return (
        select coalesce(json_agg(json_build_object(
            'person_id', p.id,
            'name', case when t.part = 'mentor' then private.first_name(p.name) else p.name end,
            'language', case when t.part <> 'mentor' then p.language end,
            'joined', case when t.part <> 'mentor' then exists (
                select from private.sign_ins as s where s.person_id = p.id
            ) end,
            'part', t.part, 'since', t.since, 'organisation_id', t.organisation_id
        ) order by lower(p.name), p.id), '[]')
        from private.current_teams as t
        join public.people as p on p.id = t.young_person_id
        where t.person_id = v_me and t.cleared
    );
end
$$;
comment on function public.my_young_people is
    'Those in whose team I am. A mentor gets the first word of the name, no language, and not whether they joined.';

create function private.ways_to(p_person uuid)
returns table (organisation_id uuid, membership_id uuid, role text, part_id uuid, by_first_name boolean)
language sql stable rows 1 set search_path = '' as $$
    select distinct on (theirs.organisation_id)
        theirs.organisation_id, mine.id, mine.role, t.id,
        mine.role not in ('coordinator', 'administrator') and t.part = 'mentor'
    from private.sign_ins as me
    join private.current_memberships as mine on mine.person_id = me.person_id and mine.cleared
    join private.current_memberships as theirs
        on theirs.organisation_id = mine.organisation_id
        and theirs.person_id = p_person and theirs.role = 'young_person'
    left join private.current_teams as t
        on t.organisation_id = theirs.organisation_id and t.young_person_id = p_person
        and t.person_id = me.person_id and t.part in (
            select f.part from private.fitting_roles as f where f.role = mine.role
        )
    where me.user_id = (select auth.uid()) and me.person_id <> p_person
        and (t.id is not null or mine.role in ('coordinator', 'administrator'))
    -- Of several ways in one organisation the part in the team comes first, a mentor's last.
    order by theirs.organisation_id, coalesce(t.part = 'mentor', false), t.id is null, mine.role
$$;
comment on function private.ways_to is 'Through which membership I may open this young person, one for each organisation.';

create function public.open_person(p_person uuid) returns json
language plpgsql security definer set search_path = '' as $$
declare
    v_way record;
    v_full boolean := false;
    v_parts uuid[] := '{}';
begin
    perform private.require_person();
    for v_way in
        select o.*, null::uuid as part_id, false as by_first_name, 'opened_person' as what
        from private.ways_by_opening(p_person) as o
        union all
        select w.*, 'person' from private.ways_to(p_person) as w
        where w.organisation_id not in (
            select o.organisation_id from private.ways_by_opening(p_person) as o
        )
        order by organisation_id
    loop
        perform private.log_access(
            v_way.organisation_id, v_way.membership_id, v_way.role, p_person, v_way.what
        );
        v_full := v_full or not v_way.by_first_name;
        v_parts := v_parts || array(
            select t.id from private.current_teams as t
            where t.organisation_id = v_way.organisation_id and t.young_person_id = p_person
                and (t.id = v_way.part_id or not v_way.by_first_name)
        );
    end loop;
    if not found then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    return (
        select json_build_object(
            'person_id', p.id,
            'name', case when v_full then p.name else private.first_name(p.name) end,
            'language', case when v_full then p.language end,
            'joined', case when v_full then exists (
                select from private.sign_ins as s where s.person_id = p.id
            ) end,
            'team', private.team_as_json(p_person, v_parts)
        ) from public.people as p where p.id = p_person
    );
end
$$;
comment on function public.open_person is
    'A young person''s page for who is in their team, coordinates it, or has a running opening; each '
    'call is a row of the access log.';

revoke execute on function
    private.first_name(text), private.ways_to(uuid),
    public.my_team(), public.my_young_people(), public.open_person(uuid)
    from public, anon, authenticated, service_role;
grant execute on function
    public.my_team(), public.my_young_people(), public.open_person(uuid)
    to authenticated;
