-- The threads of mentors, as those who answer for mentors find them. Reading one is open_thread, and logged.
set lock_timeout = '5s';

create function public.mentor_threads(p_organisation uuid) returns json
language plpgsql stable security definer set search_path = '' as $$
begin
    perform private.require_full();
    perform private.require_cleared_role(p_organisation, 'coordinator');
    return (
        select coalesce(json_agg(json_build_object(
            'thread_id', t.id, 'young_person', p.id, 'name', p.name,
            'mentor', (
                select h.name from public.people as h
                where h.id = (private.helpers_in(p_organisation, p.id, 'mentor'))[1]
            ),
            'last_at', t.last_at, 'waiting_since', t.waiting_since
        ) order by t.waiting_since, t.last_at desc nulls last, t.id), '[]')
        from (
            select f.* from private.threads as f
            join private.current_memberships as m
                on m.organisation_id = f.organisation_id and m.person_id = f.young_person_id
                and m.role = 'young_person'
            where f.organisation_id = p_organisation and f.kind = 'mentor'
            order by f.waiting_since, f.last_at desc nulls last, f.id limit 200
        ) as t
        join public.people as p on p.id = t.young_person_id
    );
end
$$;
comment on function public.mentor_threads is
    'By a cleared coordinator: the 200 in which somebody waits longest or that were written in last. mentor null: '
    'nobody is the mentor now. No words.';

revoke execute on function public.mentor_threads(uuid) from public, anon, authenticated, service_role;
grant execute on function public.mentor_threads(uuid) to authenticated;
