-- The first screen's one read, and what people change about themselves and their organisation.
set lock_timeout = '5s';

create function public.my_home(p_cookie_hash text) returns json
language plpgsql stable security definer set search_path = '' as $$
declare
    v_device private.devices := private.my_device(p_cookie_hash);
    v_person uuid := private.require_person();
    v_active uuid := private.active_membership(v_device.user_id, v_device.membership_id);
begin
    return json_build_object(
        'person', (
            select json_build_object(
                'id', p.id, 'name', p.name, 'language', p.language,
                'time_zone', p.time_zone, 'version', p.version
            ) from public.people as p where p.id = v_person
        ),
        'active', (
            select json_build_object('membership_id', m.id, 'role', m.role, 'organisation',
                json_build_object(
                    'id', o.id, 'name', o.name, 'town', o.town, 'country', o.country,
                    'time_zone', o.time_zone, 'key_worker_title', o.key_worker_title,
                    'version', o.version
                ))
            from private.current_memberships as m
            join public.organisations as o on o.id = m.organisation_id
            where m.id = v_active
        ),
        'memberships', coalesce((
            select json_agg(json_build_object(
                'id', m.id, 'role', m.role, 'organisation_name', o.name
            ) order by m.since, m.role)
            from private.current_memberships as m
            join public.organisations as o on o.id = m.organisation_id
            where m.person_id = v_person
        ), '[]')
    );
end
$$;

create function private.changed(p_old jsonb, p_new jsonb) returns text[]
language sql immutable set search_path = '' as $$
    select coalesce(array_agg(n.key order by n.key), '{}')
    from jsonb_each(p_new) as n where n.value is distinct from p_old -> n.key
$$;

create function public.update_me(p_name text, p_language text, p_time_zone text, p_version integer)
returns integer language plpgsql security definer set search_path = '' as $$
declare
    v_person uuid := private.require_person();
    v_name text := private.checked_name(p_name, 'name');
    v_language text := private.checked_language(p_language);
    v_seen public.people;
    v_changed text[];
begin
    perform private.require_given(jsonb_build_object('time_zone', p_time_zone, 'version', p_version));
    select p.* into strict v_seen from public.people as p where p.id = v_person for update;
    if v_seen.version <> p_version then
        perform private.refuse('PT409', 'changed_meanwhile', jsonb_build_object('version', v_seen.version));
    end if;
    if v_seen.time_zone <> p_time_zone then
        perform private.checked_time_zone(p_time_zone);
    end if;
    v_changed := private.changed(to_jsonb(v_seen), jsonb_build_object(
        'name', v_name, 'language', v_language, 'time_zone', p_time_zone
    ));
    if v_changed = '{}' then
        return v_seen.version;
    end if;
    update public.people as p set name = v_name, language = v_language, time_zone = p_time_zone
    where p.id = v_person;
    perform private.record('person_updated', 'person', v_person, p_fields => v_changed);
    perform private.hint('person', v_person, private.who_sees(v_person));
    return v_seen.version + 1;
end
$$;

create function public.rename_organisation(p_organisation uuid, p_name text, p_version integer)
returns integer language plpgsql security definer set search_path = '' as $$
declare
    v_name text;
    v_seen public.organisations;
begin
    perform private.require_role(p_organisation, 'coordinator', 'administrator');
    perform private.require_given(jsonb_build_object('version', p_version));
    v_name := private.checked_name(p_name, 'name');
    select o.* into strict v_seen from public.organisations as o where o.id = p_organisation for update;
    if v_seen.version <> p_version then
        perform private.refuse('PT409', 'changed_meanwhile', jsonb_build_object('version', v_seen.version));
    end if;
    if v_seen.name = v_name then
        return v_seen.version;
    end if;
    update public.organisations as o set name = v_name where o.id = p_organisation;
    perform private.record(
        'organisation_renamed', 'organisation', p_organisation, p_organisation, array['name']
    );
    perform private.hint('organisation', p_organisation, array(
        select m.person_id from private.current_memberships as m where m.organisation_id = p_organisation
    ));
    return v_seen.version + 1;
end
$$;

revoke execute on function
    private.changed(jsonb, jsonb), public.my_home(text),
    public.update_me(text, text, text, integer), public.rename_organisation(uuid, text, integer)
    from public, anon, authenticated, service_role;
grant execute on function
    public.my_home(text), public.update_me(text, text, text, integer),
    public.rename_organisation(uuid, text, integer)
    to authenticated;
