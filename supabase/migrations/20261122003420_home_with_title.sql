-- The first screen's read also names the organisation's own word for a key worker.
set lock_timeout = '5s';

create or replace function public.my_home(p_cookie_hash text) returns json
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
