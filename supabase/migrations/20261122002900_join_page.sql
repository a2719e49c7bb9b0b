-- What the join page says about the organisation before anything is typed.
set lock_timeout = '5s';

create function public.join_page(p_code text) returns json
language sql stable security definer set search_path = '' as $$
    select json_build_object('organisation', o.name, 'town', o.town, 'language', p.language)
    from private.codes as c
    join public.people as p on p.id = c.person_id
    join private.current_memberships as m on m.person_id = p.id
    join public.organisations as o on o.id = m.organisation_id
    where c.digest = private.code_digest(p_code) and c.used_at is null and c.expires_at > now()
        and not exists (select from private.sign_ins as s where s.person_id = p.id)
    order by m.since desc, m.id limit 1
$$;
comment on function public.join_page is
    'For nobody in particular, by a code that still works; null for wrong, used and expired alike. Uses nothing up.';

revoke execute on function public.join_page(text) from public, anon, authenticated, service_role;
grant execute on function public.join_page(text) to anon, authenticated;
