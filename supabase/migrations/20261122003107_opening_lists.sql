-- What the two people of an opening, and safeguarding leads, see of it.
set lock_timeout = '5s';

create function private.opening_state(p_row private.openings) returns text
language sql stable set search_path = '' as $$
    select case
        when p_row.agreed_at is null and p_row.closed_by = p_row.asked_by then 'taken_back'
        when p_row.agreed_at is null and p_row.closed_by is not null then 'refused'
        when p_row.agreed_at is null
            and (p_row.closed_at is not null or p_row.asked_at <= now() - interval '24 hours') then 'lapsed'
        when p_row.agreed_at is null then 'asked'
        when p_row.closed_at is not null or p_row.ends_at <= now() then 'ended'
        else 'running'
    end
$$;

create function public.my_openings(p_organisation uuid) returns json
language plpgsql stable security definer set search_path = '' as $$
declare
    v_me uuid := private.require_person();
    v_lead boolean;
begin
    perform private.require_cleared_role(p_organisation, 'coordinator', 'safeguarding_lead');
    v_lead := private.has_cleared_role(p_organisation, 'safeguarding_lead');
    return (
        select coalesce(json_agg(json_build_object(
            'id', o.id, 'young_person_id', o.young_person_id, 'name', theirs.name,
            'asked_by', asker.name, 'asked_of', asked.name, 'agreed_by', second.name,
            'by_me', o.asked_by = v_me,
            'may_agree', o.agreed_at is null and v_me not in (o.asked_by, o.young_person_id),
            'mine', v_me in (o.asked_by, o.agreed_by),
            'reason', o.reason, 'delay_hours', o.delay_hours, 'delay_reason', o.delay_reason,
            'asked_at', o.asked_at, 'ends_at', o.ends_at, 'told_at', o.told_at,
            'state', o.state
        ) order by o.asked_at desc), '[]')
        from (
            select latest.*, private.opening_state(latest) as state from private.openings as latest
            where latest.organisation_id = p_organisation
                and latest.asked_at > now() - interval '30 days'
                and (v_lead or v_me in (latest.asked_by, latest.asked_of, latest.agreed_by))
            order by latest.asked_at desc limit 100
        ) as o
        join public.people as theirs on theirs.id = o.young_person_id
        join public.people as asker on asker.id = o.asked_by
        join public.people as asked on asked.id = o.asked_of
        left join public.people as second on second.id = o.agreed_by
    );
end
$$;
comment on function public.my_openings is
    'Of the last 30 days, the latest first: those I asked for, am asked about or agreed to; a '
    'safeguarding lead sees all of the organisation.';

create function public.opening_choices(p_organisation uuid) returns json
language plpgsql stable security definer set search_path = '' as $$
declare
    v_me uuid := private.require_person();
begin
    perform private.require_cleared_role(p_organisation, 'coordinator', 'safeguarding_lead');
    return (
        select json_build_object(
            'young_people', coalesce(json_agg(distinct jsonb_build_object('person_id', p.id, 'name', p.name))
                filter (where m.role = 'young_person'), '[]'),
            'colleagues', coalesce(json_agg(distinct jsonb_build_object('person_id', p.id, 'name', p.name))
                filter (where m.role <> 'young_person'), '[]')
        )
        from private.current_memberships as m
        join public.people as p on p.id = m.person_id
        where m.organisation_id = p_organisation and m.person_id <> v_me and m.cleared
            and m.role in ('young_person', 'coordinator', 'safeguarding_lead')
    );
end
$$;
comment on function public.opening_choices is
    'Names only: whose page may be asked for, and who could agree to it.';

create function public.openings_of_me() returns json
language plpgsql stable security definer set search_path = '' as $$
declare
    v_me uuid := private.require_person();
begin
    -- Who got back in by a code of somebody else's waits, so that this one learns nothing.
    if not private.is_full() then
        return '[]';
    end if;
    return (
        select coalesce(json_agg(json_build_object(
            'id', o.id, 'asked_by', asker.name, 'agreed_by', second.name, 'place', place.name,
            'reason', o.reason, 'at', o.agreed_at, 'until', least(o.closed_at, o.ends_at)
        ) order by o.agreed_at desc), '[]')
        from private.openings as o
        join public.people as asker on asker.id = o.asked_by
        join public.people as second on second.id = o.agreed_by
        join public.organisations as place on place.id = o.organisation_id
        where o.young_person_id = v_me and o.told_at > now() - interval '90 days'
    );
end
$$;
comment on function public.openings_of_me is
    'Who opened my page to protect me, and why; of the 90 days since I was told.';

revoke execute on function
    private.opening_state(private.openings), public.my_openings(uuid), public.opening_choices(uuid),
    public.openings_of_me()
    from public, anon, authenticated, service_role;
grant execute on function
    public.my_openings(uuid), public.opening_choices(uuid), public.openings_of_me()
    to authenticated;
