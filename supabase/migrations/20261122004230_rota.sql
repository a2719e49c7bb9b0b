-- Who plans the rota sees all of it, and writes what happens when nobody takes an alert.
set lock_timeout = '5s';

create function public.duty_page(p_organisation uuid) returns json
language plpgsql stable security definer set search_path = '' as $$
begin
    perform private.require_cleared_role(p_organisation, 'coordinator', 'safeguarding_lead');
    return json_build_object(
        'duties', (
            select coalesce(json_agg(json_build_object(
                'id', d.id, 'name', p.name, 'site', s.name, 'starts_at', d.starts_at, 'ends_at', d.ends_at
            ) order by d.starts_at, p.name), '[]')
            from public.duties as d
            join public.people as p on p.id = d.person_id
            join public.sites as s on s.id = d.site_id
            where d.organisation_id = p_organisation and d.ends_at > now()
                and d.starts_at < now() + interval '28 days'
        ),
        'sites', (
            select coalesce(json_agg(json_build_object('id', s.id, 'name', s.name) order by s.name), '[]')
            from public.sites as s where s.organisation_id = p_organisation
        ),
        'people', (
            select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name) order by p.name), '[]')
            from public.people as p
            where p.id in (
                select m.person_id from private.current_memberships as m
                where m.organisation_id = p_organisation and m.cleared
                    and m.role in ('key_worker', 'coordinator', 'safeguarding_lead')
            )
        ),
        'rules', (
            select json_build_object('minutes', r.minutes, 'fallback', r.fallback, 'version', r.version)
            from private.alert_rules as r where r.organisation_id = p_organisation
        )
    );
end
$$;
comment on function public.duty_page is
    'The rota of the next 28 days, where and for whom duty can be planned, and the rules of alerts.';

create function public.set_alert_rules(
    p_organisation uuid, p_minutes integer, p_fallback text, p_version integer
) returns integer language plpgsql security definer set search_path = '' as $$
declare
    v_fallback text;
    v_version integer;
begin
    perform private.require_cleared_role(p_organisation, 'coordinator', 'safeguarding_lead');
    perform private.require_given(jsonb_build_object('version', p_version));
    if (p_minutes between 2 and 120) is not true then
        perform private.refuse('PT422', 'minutes_not_valid', jsonb_build_object('longest', 120));
    end if;
    v_fallback := private.checked_text(p_fallback, 'fallback', 10, 300);
    if p_version = 0 then
        insert into private.alert_rules (organisation_id, minutes, fallback)
        values (p_organisation, p_minutes, v_fallback) on conflict do nothing
        returning version into v_version;
    else
        update private.alert_rules as r set minutes = p_minutes, fallback = v_fallback
        where r.organisation_id = p_organisation and r.version = p_version
        returning r.version into v_version;
    end if;
    if v_version is null then
        perform private.refuse('PT409', 'changed_meanwhile');
    end if;
    perform private.record('alert_rules_set', 'organisation', p_organisation, p_organisation, '{minutes,fallback}');
    perform private.hint('duty', p_organisation, array[private.my_person()]);
    return v_version;
end
$$;
comment on function public.set_alert_rules is 'version: the one that was seen, 0 when there were none.';

revoke execute on function
    public.duty_page(uuid), public.set_alert_rules(uuid, integer, text, integer)
    from public, anon, authenticated, service_role;
grant execute on function
    public.duty_page(uuid), public.set_alert_rules(uuid, integer, text, integer)
    to authenticated;
