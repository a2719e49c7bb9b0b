-- Finding words in a thread: the app opens the texts and looks, the database hands them out in pages.
set lock_timeout = '5s';

create function public.search_thread(p_thread uuid, p_before bigint) returns json
language plpgsql security definer set search_path = '' as $$
declare
    v_seen record := private.readable_thread(p_thread);
    v_me uuid := private.my_person();
    v_found json[];
begin
    perform private.log_thread(v_seen.thread, v_seen.way);
    v_found := array(
        select json_build_object(
            'id', m.id, 'seq', m.seq, 'client_id', m.client_id, 'sent_at', m.sent_at,
            'mine', m.author = v_me, 'by_stand_in', m.by_stand_in,
            'author_name', private.name_in_thread(
                p.name, m.author = (v_seen.thread).young_person_id, (v_seen.way).way
            ),
            'version', v.version, 'sealed', v.sealed
        )
        from private.messages as m
        join public.people as p on p.id = m.author
        cross join lateral (
            select n.version, n.sealed from private.message_versions as n
            where n.thread_id = m.thread_id and n.seq = m.seq order by n.version desc limit 1
        ) as v
        where m.thread_id = p_thread and m.seq < coalesce(p_before, 9223372036854775807)
        order by m.seq desc limit 250
    );
    return array_to_json(v_found);
end
$$;
comment on function public.search_thread is
    '250 messages before this seq, the newest first, with what finding words in them needs; before null: the '
    'newest. Fewer: there are no more. Logged as reading the thread.';

revoke execute on function public.search_thread(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function public.search_thread(uuid, bigint) to authenticated;
