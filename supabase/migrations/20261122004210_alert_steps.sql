-- Sending an alert, taking it back, and hearing what became of it: by the young person.
set lock_timeout = '5s';

create function public.unsafe_page(p_organisation uuid, p_about_staff boolean, p_about_person uuid)
returns json language plpgsql stable security definer set search_path = '' as $$
declare
    v_me uuid := private.require_person();
    v_now timestamptz := clock_timestamp();
begin
    perform private.require_role(p_organisation, 'young_person');
    return (
        with readers as (
            select r.person_id, r.leads, p.name,
                r.person_id in (select private.on_duty(p_organisation, v_now)) as there
            from private.alert_readers(
                p_organisation, v_me, coalesce(p_about_staff, false), p_about_person, v_now
            ) as r
            join public.people as p on p.id = r.person_id
        )
        select json_build_object(
            'now', v_now,
            'rota', private.has_rota(p_organisation, v_me),
            'there', coalesce((select json_agg(r.name order by r.name) from readers as r where r.there), '[]'),
            'also', coalesce((
                select json_agg(r.name order by r.name) from readers as r where r.leads and not r.there
            ), '[]'),
            'next_at', (
                select min(d.starts_at) from public.duties as d join readers as r on r.person_id = d.person_id
                where d.organisation_id = p_organisation and d.starts_at > v_now
            ),
            'minutes', (extract(epoch from private.alert_minutes(p_organisation)) / 60)::integer,
            'fallback', (
                select rules.fallback from private.alert_rules as rules
                where rules.organisation_id = p_organisation
            ),
            'sent', (
                select json_build_object('id', a.id, 'sent_at', a.sent_at) from private.alerts as a
                where a.young_person_id = v_me and a.organisation_id = p_organisation
                    and a.taken_back_at is null and a.sent_at > v_now - interval '30 seconds'
                order by a.sent_at desc limit 1
            ),
            'staff', private.staff_to_name(p_organisation, v_me)
        )
    );
end
$$;
comment on function public.unsafe_page is
    'What is said before anything is sent: who would read it now, from when on somebody is there, whom '
    'it could be about. sent: what I sent within the last 30 seconds.';

create function private.has_rota(p_organisation uuid, p_young_person uuid) returns boolean
language sql stable set search_path = '' as $$
    select exists (
        select from public.duties as d
        join private.alert_readers(p_organisation, p_young_person, false, null, now()) as r
            on r.person_id = d.person_id
        where d.organisation_id = p_organisation and d.ends_at > now()
    )
$$;

create function private.staff_to_name(p_organisation uuid, p_young_person uuid) returns json
language sql stable set search_path = '' as $$
    select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name) order by p.name), '[]')
    from public.people as p
    where p.id in (
        select t.person_id from private.current_teams as t
        where t.organisation_id = p_organisation and t.young_person_id = p_young_person
        union
        select r.person_id
        from private.alert_readers(p_organisation, p_young_person, false, null, now()) as r where r.leads
    )
$$;
comment on function private.staff_to_name is
    'The team, and those who would read it: whoever is named does not.';

create function public.send_alert(
    p_organisation uuid, p_id uuid, p_pressed_at timestamptz, p_about_staff boolean, p_about_person uuid,
    p_reach text, p_sealed text
) returns timestamptz language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_person();
    v_now timestamptz := clock_timestamp();
    v_alert private.alerts;
    v_there uuid[];
begin
    perform private.require_role(p_organisation, 'young_person');
    perform private.require_given(jsonb_build_object(
        'id', p_id, 'pressed_at', p_pressed_at, 'about_staff', p_about_staff, 'reach', p_reach
    ));
    -- One at a time for each young person: the second of two presses finds the first.
    perform private.hold_young_person(p_organisation, v_me);
    select a.* into v_alert from private.alerts as a where a.id = p_id;
    if found then
        if v_alert.young_person_id <> v_me then
            perform private.refuse('PT409', 'already_there');
        end if;
        return v_alert.sent_at;
    end if;
    perform private.check_alert(p_organisation, v_me, p_pressed_at, p_about_staff, p_about_person, p_reach, p_sealed);
    insert into private.alerts
        (id, organisation_id, young_person_id, sent_at, about_staff, about_person, reach, sealed, due_at)
    values (
        p_id, p_organisation, v_me, v_now, p_about_staff, p_about_person, p_reach, p_sealed,
        v_now + private.alert_minutes(p_organisation)
    )
    returning * into v_alert;
    perform private.record('alert_sent', 'alert', p_id, p_organisation);
    v_there := array(
        select r.person_id from private.readers_of(v_alert) as r
        where r.person_id in (select private.on_duty(p_organisation, v_now))
    );
    if private.tell_of_alert(p_id, v_there, 'duty', v_now) > 0 then
        perform private.hint_alert(p_id);
    else
        perform private.advance_alert(p_id, v_now);
    end if;
    return v_now;
end
$$;
comment on function public.send_alert is
    'pressed_at: when the person pressed, by the clock of unsafe_page. What is older than 10 seconds is '
    'refused (too_late): an alert is never sent later. The same id again changes nothing. Tells who has '
    'duty; if nobody has, who comes next.';

create function private.check_alert(
    p_organisation uuid, p_young_person uuid, p_pressed_at timestamptz, p_about_staff boolean,
    p_about_person uuid, p_reach text, p_sealed text
) returns void
language plpgsql set search_path = '' as $$
begin
    if p_pressed_at < clock_timestamp() - interval '10 seconds' then
        perform private.refuse('PT409', 'too_late');
    end if;
    if p_pressed_at > clock_timestamp() + interval '10 seconds' then
        perform private.refuse('PT422', 'times_not_valid');
    end if;
    if p_reach not in ('call', 'write', 'no') then
        perform private.refuse('PT422', 'reach_not_valid');
    end if;
    if p_sealed is not null and (private.is_sealed(p_sealed) and octet_length(p_sealed) <= 8000) is not true then
        perform private.refuse('PT422', 'text_not_valid');
    end if;
    if p_about_person is not null and (not p_about_staff or not exists (
        select from private.current_memberships as m
        where m.organisation_id = p_organisation and m.person_id = p_about_person and m.role <> 'young_person'
    )) then
        perform private.refuse('PT422', 'person_not_fitting');
    end if;
    if (
        select count(*) from private.alerts as a
        where a.young_person_id = p_young_person and a.sent_at > clock_timestamp() - interval '1 hour'
    ) >= 6 then
        perform private.refuse('PT409', 'too_often');
    end if;
    if not private.has_rota(p_organisation, p_young_person) then
        perform private.refuse('PT409', 'no_rota');
    end if;
    if not exists (select from private.alert_readers(
        p_organisation, p_young_person, p_about_staff, p_about_person, clock_timestamp()
    ) as r where r.leads or r.person_id in (select private.on_duty(p_organisation, clock_timestamp())))
    then
        perform private.refuse('PT409', 'nobody_there');
    end if;
end
$$;

create function public.take_back_alert(p_alert uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_person();
    v_seen private.alerts;
begin
    select a.* into v_seen from private.alerts as a
    where a.id = p_alert and a.young_person_id = v_me for update;
    if not found then
        perform private.refuse('PT404', 'not_found');
    end if;
    if v_seen.taken_back_at is not null then
        return;
    end if;
    -- A little longer than the screen offers it, for the way here.
    if v_seen.sent_at < clock_timestamp() - interval '35 seconds' or v_seen.closed_at is not null then
        perform private.refuse('PT409', 'too_late');
    end if;
    update private.alerts as a
    set taken_back_at = clock_timestamp(), sealed = null, due_at = null where a.id = p_alert;
    perform private.record('alert_taken_back', 'alert', p_alert, v_seen.organisation_id);
    perform private.hint_alert(p_alert);
end
$$;
comment on function public.take_back_alert is
    'By mistake: within half a minute. The text goes; who was told sees that it was a mistake.';

create function public.follow_alert(p_alert uuid) returns json
language plpgsql stable security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_found json;
begin
    select json_build_object(
        'id', a.id, 'state', private.alert_state(a), 'sent_at', a.sent_at, 'reach', a.reach,
        'taken_by', (select p.name from public.people as p where p.id = a.taken_by),
        'fallback', (
            select rules.fallback from private.alert_rules as rules
            where rules.organisation_id = a.organisation_id
        )
    ) into v_found
    from private.alerts as a where a.id = p_alert and a.young_person_id = v_me;
    if v_found is null then
        perform private.refuse('PT404', 'not_found');
    end if;
    return v_found;
end
$$;
comment on function public.follow_alert is
    'What became of it, for whoever sent it and kept its id: nothing lists what somebody sent.';

revoke execute on function
    public.unsafe_page(uuid, boolean, uuid), private.has_rota(uuid, uuid),
    private.staff_to_name(uuid, uuid),
    public.send_alert(uuid, uuid, timestamptz, boolean, uuid, text, text),
    private.check_alert(uuid, uuid, timestamptz, boolean, uuid, text, text),
    public.take_back_alert(uuid), public.follow_alert(uuid)
    from public, anon, authenticated, service_role;
grant execute on function
    public.unsafe_page(uuid, boolean, uuid),
    public.send_alert(uuid, uuid, timestamptz, boolean, uuid, text, text),
    public.take_back_alert(uuid), public.follow_alert(uuid)
    to authenticated;
