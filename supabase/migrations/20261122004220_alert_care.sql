-- What who has duty and who leads do about an alert; and the machine that tells the next one.
set lock_timeout = '5s';

create function public.my_alerts(p_organisation uuid) returns json
language plpgsql stable security definer set search_path = '' as $$
declare
    v_me uuid := private.require_person();
    v_now timestamptz := clock_timestamp();
begin
    perform private.require_cleared_role(p_organisation, 'key_worker', 'coordinator', 'safeguarding_lead');
    return json_build_object(
        'there', (
            select coalesce(json_agg(p.name order by p.name), '[]') from public.people as p
            where p.id in (select private.on_duty(p_organisation, v_now))
        ),
        'mine_until', (
            select max(d.ends_at) from public.duties as d
            where d.organisation_id = p_organisation and d.person_id = v_me
                and d.starts_at <= v_now and d.ends_at > v_now
        ),
        'next_at', (
            select min(d.starts_at) from public.duties as d
            where d.organisation_id = p_organisation and d.starts_at > v_now
        ),
        'alerts', (
            select coalesce(json_agg(json_build_object(
                'id', a.id, 'name', p.name, 'sent_at', a.sent_at, 'state', private.alert_state(a),
                'about_staff', a.about_staff, 'mine', a.taken_by is not distinct from v_me,
                'taken_by', (select who.name from public.people as who where who.id = a.taken_by),
                'told', exists (
                    select from private.alert_tellings as told
                    where told.alert_id = a.id and told.person_id = v_me
                )
            ) order by a.sent_at desc), '[]')
            from private.alerts as a
            join public.people as p on p.id = a.young_person_id
            where a.organisation_id = p_organisation
                and coalesce(a.closed_at, a.taken_back_at, v_now) > v_now - interval '30 days'
                and private.may_see_alert(a)
        )
    );
end
$$;
comment on function public.my_alerts is
    'Who has duty, until when I have, and the alerts I may see: open ones and those that ended in the '
    'last 30 days. told: it was brought before me.';

create function private.alert_i_see(p_alert uuid) returns private.alerts
language plpgsql set search_path = '' as $$
declare
    v_seen private.alerts;
begin
    perform private.require_person();
    select a.* into v_seen from private.alerts as a where a.id = p_alert for update;
    -- One answer for what is not mine to know and what does not exist.
    if not found or not private.may_see_alert(v_seen) then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    return v_seen;
end
$$;

create function private.log_alert(p_alert private.alerts) returns void
language sql set search_path = '' as $$
    select private.log_access(p_alert.organisation_id, mine.id, mine.role, p_alert.young_person_id, 'alert')
    from private.current_memberships as mine
    where mine.organisation_id = p_alert.organisation_id
        and mine.person_id = (select private.my_person()) and mine.cleared
        and mine.role in ('key_worker', 'coordinator', 'safeguarding_lead')
        and not exists (
            select from private.access_log as l
            where l.young_person_id = p_alert.young_person_id and l.what = 'alert'
                and l.at > greatest(clock_timestamp() - interval '10 minutes', p_alert.sent_at)
                and l.reader_person = mine.person_id
        )
    order by mine.role limit 1
$$;
comment on function private.log_alert is 'Once in ten minutes for the same reader: a screen reads anew by itself.';

create function public.read_alert(p_alert uuid) returns json
language plpgsql security definer set search_path = '' as $$
declare
    v_seen private.alerts := private.alert_i_see(p_alert);
    v_me uuid := private.my_person();
begin
    perform private.log_alert(v_seen);
    return (
        select json_build_object(
            'id', v_seen.id, 'young_person_id', p.id, 'name', p.name, 'language', p.language,
            'sent_at', v_seen.sent_at, 'state', private.alert_state(v_seen), 'reach', v_seen.reach,
            'about_staff', v_seen.about_staff, 'about', about.name, 'sealed', v_seen.sealed,
            'taken_by', taker.name, 'taken_at', v_seen.taken_at, 'mine', v_seen.taken_by is not distinct from v_me,
            'leads', (
                select bool_or(r.leads) from private.readers_of(v_seen) as r where r.person_id = v_me
            ),
            'reached_at', v_seen.reached_at, 'closed_by', closer.name, 'closed_at', v_seen.closed_at,
            'outcome', v_seen.outcome,
            'fallback', (
                select rules.fallback from private.alert_rules as rules
                where rules.organisation_id = v_seen.organisation_id
            ),
            'told', (
                select coalesce(json_agg(json_build_object(
                    'name', who.name, 'step', told.step, 'at', told.told_at
                ) order by told.told_at, who.name), '[]')
                from private.alert_tellings as told join public.people as who on who.id = told.person_id
                where told.alert_id = v_seen.id
            )
        )
        from public.people as p
        left join public.people as about on about.id = v_seen.about_person
        left join public.people as taker on taker.id = v_seen.taken_by
        left join public.people as closer on closer.id = v_seen.closed_by
        where p.id = v_seen.young_person_id
    );
end
$$;
comment on function public.read_alert is 'All of one alert; the reading is logged.';

create function private.open_alert_i_see(p_alert uuid) returns private.alerts
language plpgsql set search_path = '' as $$
declare
    v_seen private.alerts := private.alert_i_see(p_alert);
begin
    if num_nonnulls(v_seen.closed_at, v_seen.taken_back_at) > 0 then
        perform private.refuse('PT409', 'already_ended');
    end if;
    return v_seen;
end
$$;

create function private.alert_in_my_hands(p_alert uuid) returns private.alerts
language plpgsql set search_path = '' as $$
declare
    v_seen private.alerts := private.open_alert_i_see(p_alert);
begin
    if v_seen.taken_by is null then
        perform private.refuse('PT409', 'not_taken');
    end if;
    if v_seen.taken_by <> private.my_person() and not exists (
        select from private.readers_of(v_seen) as r where r.person_id = private.my_person() and r.leads
    ) then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    return v_seen;
end
$$;

create function public.take_alert(p_alert uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_seen private.alerts := private.open_alert_i_see(p_alert);
begin
    if v_seen.taken_by = private.my_person() then
        return;
    end if;
    if v_seen.taken_by is not null then
        perform private.refuse('PT409', 'already_taken');
    end if;
    update private.alerts as a
    set taken_by = private.my_person(), taken_at = clock_timestamp(), due_at = null where a.id = p_alert;
    perform private.record('alert_taken', 'alert', p_alert, v_seen.organisation_id);
    perform private.hint_alert(p_alert);
end
$$;
comment on function public.take_alert is '"I take it": nobody else is told from now on.';

create function public.give_back_alert(p_alert uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_seen private.alerts := private.alert_in_my_hands(p_alert);
begin
    update private.alerts as a set taken_by = null, taken_at = null, reached_at = null
    where a.id = p_alert;
    perform private.record('alert_given_back', 'alert', p_alert, v_seen.organisation_id);
    perform private.advance_alert(p_alert, clock_timestamp());
end
$$;
comment on function public.give_back_alert is
    'Whoever took it cannot do it after all: the next one is told at once. Leads may do it for them.';

create function public.reach_alert(p_alert uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_seen private.alerts := private.alert_in_my_hands(p_alert);
begin
    update private.alerts as a set reached_at = coalesce(a.reached_at, clock_timestamp()) where a.id = p_alert;
    perform private.record('alert_reached', 'alert', p_alert, v_seen.organisation_id);
    perform private.hint_alert(p_alert);
end
$$;

create function public.close_alert(p_alert uuid, p_outcome text) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_seen private.alerts := private.alert_in_my_hands(p_alert);
begin
    if (p_outcome in ('safe_now', 'help_came', 'passed_on', 'not_reached')) is not true then
        perform private.refuse('PT422', 'outcome_not_valid');
    end if;
    update private.alerts as a
    set closed_by = private.my_person(), closed_at = clock_timestamp(), outcome = p_outcome
    where a.id = p_alert;
    perform private.record('alert_closed', 'alert', p_alert, v_seen.organisation_id, '{}', p_outcome);
    perform private.hint_alert(p_alert);
end
$$;
comment on function public.close_alert is 'The word it ends with says how things are; by who took it, or who leads.';

create function public.machine_alerts(p_at timestamptz default null) returns json
language plpgsql security definer set search_path = '' as $$
declare
    v_at timestamptz := coalesce(p_at, clock_timestamp());
    v_alert private.alerts;
    v_advanced integer := 0;
    v_came integer := 0;
begin
    perform private.require_machine('jobs');
    for v_alert in
        select a.* from private.alerts as a where a.due_at <= v_at
        order by a.due_at for update skip locked limit 100
    loop
        perform private.advance_alert(v_alert.id, v_at);
        v_advanced := v_advanced + 1;
    end loop;
    for v_alert in
        select a.* from private.alerts as a
        where a.taken_at is null and a.closed_at is null and a.taken_back_at is null
            and a.sent_at > v_at - interval '7 days'
        order by a.sent_at for update skip locked limit 100
    loop
        if private.tell_of_alert(v_alert.id, array(
            select r.person_id from private.readers_of(v_alert) as r
            where r.person_id in (select private.on_duty(v_alert.organisation_id, v_at))
        ), 'duty', v_at) > 0 then
            perform private.hint_alert(v_alert.id);
            v_came := v_came + 1;
        end if;
    end loop;
    return json_build_object('advanced', v_advanced, 'came', v_came);
end
$$;
comment on function public.machine_alerts is
    'Tells the next one of each alert that waited too long, and whoever came on duty of all of the last '
    'seven days that nobody has taken. at: what time it is, for tests; null is now.';

revoke execute on function
    public.my_alerts(uuid), private.alert_i_see(uuid), private.log_alert(private.alerts),
    public.read_alert(uuid), private.open_alert_i_see(uuid), private.alert_in_my_hands(uuid),
    public.take_alert(uuid), public.give_back_alert(uuid), public.reach_alert(uuid),
    public.close_alert(uuid, text), public.machine_alerts(timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function
    public.my_alerts(uuid), public.read_alert(uuid), public.take_alert(uuid), public.give_back_alert(uuid),
    public.reach_alert(uuid), public.close_alert(uuid, text), public.machine_alerts(timestamptz)
    to authenticated;
