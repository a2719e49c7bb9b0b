-- Writing to several people at once: each gets a message of their own, in their own thread.
set lock_timeout = '5s';

create function public.people_to_write_to(p_organisation uuid) returns json
language plpgsql stable security definer set search_path = '' as $$
begin
    perform private.require_full();
    perform private.require_cleared_role(p_organisation, 'key_worker');
    return (
        select coalesce(json_agg(json_build_object(
            'thread_id', (mine.thread).id, 'name', p.name, 'language', p.language,
            'time_zone', p.time_zone,
            'quiet_from', to_char(a.quiet_from, 'HH24:MI'), 'quiet_to', to_char(a.quiet_to, 'HH24:MI')
        ) order by p.name, p.id), '[]')
        from private.my_threads() as mine
        join public.people as p on p.id = (mine.thread).young_person_id
        left join private.agreements as a
            on a.organisation_id = p_organisation and a.young_person_id = p.id
        where (mine.thread).organisation_id = p_organisation
            and mine.part in ('key_worker', 'stand_in')
    );
end
$$;
comment on function public.people_to_write_to is
    'Those whose key worker or stand-in I am, with the hours agreed to be quiet; no words of theirs.';

revoke execute on function public.people_to_write_to(uuid) from public, anon, authenticated, service_role;
grant execute on function public.people_to_write_to(uuid) to authenticated;
