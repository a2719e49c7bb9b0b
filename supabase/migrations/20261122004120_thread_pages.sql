-- Reading a thread, newest messages first, and the list of my threads.
set lock_timeout = '5s';

create function private.name_in_thread(p_name text, p_is_young boolean, p_way text) returns text
language sql immutable set search_path = '' as $$
    select case when p_is_young and p_way = 'mentor' then private.first_name(p_name) else p_name end
$$;

create function private.messages_as_json(p_thread private.threads, p_way text, p_seqs bigint[]) returns json
language plpgsql stable set search_path = '' as $$
declare
    v_me uuid := private.my_person();
    v_language text := (select p.language from public.people as p where p.id = v_me);
    v_shown boolean := not exists (select from private.receipts_off as o where o.person_id = v_me);
    v_own_delivered bigint;
    v_own_read bigint;
    v_helpers_delivered bigint;
    v_helpers_read bigint;
begin
    select
        max(k.delivered_seq) filter (where k.person_id = p_thread.young_person_id),
        max(k.read_seq) filter (where k.person_id = p_thread.young_person_id),
        max(k.delivered_seq) filter (where k.person_id <> p_thread.young_person_id),
        max(k.read_seq) filter (where k.person_id <> p_thread.young_person_id)
    into v_own_delivered, v_own_read, v_helpers_delivered, v_helpers_read
    from private.thread_marks as k
    where v_shown and k.thread_id = p_thread.id
        and not exists (select from private.receipts_off as o where o.person_id = k.person_id);
    return (
        select coalesce(json_agg(json_build_object(
            'id', m.id, 'seq', m.seq, 'client_id', m.client_id, 'author', m.author,
            'author_name', private.name_in_thread(p.name, m.author = p_thread.young_person_id, p_way),
            'by_stand_in', m.by_stand_in, 'sent_at', m.sent_at,
            'version', v.version, 'sealed', v.sealed, 'mine', m.author = v_me,
            'translated', (
                select json_build_object(
                    'language', x.language, 'sealed', x.sealed, 'wrong', x.wrong_at is not null
                )
                from private.translations as x
                where x.thread_id = m.thread_id and x.seq = m.seq and x.version = v.version
                    and x.language = v_language and v.sealed is not null
            ),
            'delivered', coalesce(m.seq <= case when m.author = p_thread.young_person_id
                then v_helpers_delivered else v_own_delivered end, false),
            'read', coalesce(m.seq <= case when m.author = p_thread.young_person_id
                then v_helpers_read else v_own_read end, false),
            'reply', case when replied.id is not null then json_build_object(
                'id', replied.id, 'client_id', replied.client_id,
                'version', replied.version, 'sealed', replied.sealed, 'file', replied.file
            ) end,
            'attachment', (
                select json_build_object('id', a.id, 'sealed', a.sealed) from private.attachments as a
                where a.thread_id = m.thread_id and a.seq = m.seq and v.sealed is not null
            )
        ) order by m.seq), '[]')
        from private.messages as m
        join public.people as p on p.id = m.author
        cross join lateral (
            select n.version, n.sealed from private.message_versions as n
            where n.thread_id = m.thread_id and n.seq = m.seq order by n.version desc limit 1
        ) as v
        -- Lateral with a limit: PostgreSQL must look each answer up, and cannot read the whole table.
        left join lateral (
            select r.id, r.client_id, n.version, n.sealed, exists (
                select from private.attachments as a where a.thread_id = r.thread_id and a.seq = r.seq
            ) as file
            from private.messages as r
            join private.message_versions as n on n.thread_id = r.thread_id and n.seq = r.seq
            where r.thread_id = m.thread_id and r.seq = m.reply_to
            order by n.version desc limit 1
        ) as replied on true
        where m.thread_id = p_thread.id and m.seq = any (p_seqs)
    );
end
$$;
comment on function private.messages_as_json is
    'In order. sealed null: taken back. delivered and read are of the other side, when both sides show them.';

create function private.page_of_messages(p_thread private.threads, p_way text, p_before bigint) returns json
language plpgsql stable set search_path = '' as $$
declare
    v_seqs bigint[] := array(
        select m.seq from private.messages as m
        where m.thread_id = p_thread.id and m.seq < p_before order by m.seq desc limit 31
    );
begin
    return json_build_object(
        'messages', private.messages_as_json(p_thread, p_way, v_seqs[:30]),
        'has_older', cardinality(v_seqs) > 30
    );
end
$$;

create function private.log_thread(p_thread private.threads, p_way private.thread_way) returns void
language plpgsql set search_path = '' as $$
begin
    if p_way.way <> 'own' then
        perform private.log_thread_reading(
            p_thread.organisation_id, p_way.membership_id, p_way.role, p_thread.young_person_id,
            case when p_way.way = 'opening' then 'opened_thread'
                when p_thread.kind = 'mentor' then 'mentor_thread' else 'thread' end
        );
    end if;
end
$$;

create function private.thread_name(p_thread private.threads, p_way text) returns text
language sql stable set search_path = '' as $$
    select private.name_in_thread(p.name, p_way <> 'own', p_way)
    from public.people as p
    where p.id = case when p_way <> 'own' then p_thread.young_person_id
        else (private.helpers_in(p_thread.organisation_id, p_thread.young_person_id, p_thread.kind))[1] end
$$;
comment on function private.thread_name is 'The other side: the young person, or who helps them; null when nobody does now.';

create function private.thread_as_json(p_thread private.threads, p_way private.thread_way) returns json
language plpgsql stable set search_path = '' as $$
declare
    v_me uuid := private.my_person();
begin
    return json_build_object(
        'thread_id', p_thread.id, 'organisation_id', p_thread.organisation_id,
        'young_person', p_thread.young_person_id, 'kind', p_thread.kind, 'way', p_way.way,
        'name', private.thread_name(p_thread, p_way.way), 'waiting_since', p_thread.waiting_since,
        'readers', private.readers_as_json(p_thread),
        'can_write', private.may_write(p_way) and cardinality(private.helpers_in(
            p_thread.organisation_id, p_thread.young_person_id, p_thread.kind
        )) > 0,
        'receipts', not exists (select from private.receipts_off as o where o.person_id = v_me),
        'kept_days', (
            select o.messages_kept_days from public.organisations as o
            where o.id = p_thread.organisation_id
        ),
        'read_seq', (
            select k.read_seq from private.thread_marks as k
            where k.thread_id = p_thread.id and k.person_id = v_me
        ),
        'draft', (
            select d.sealed from private.drafts as d
            where d.thread_id = p_thread.id and d.person_id = v_me
        ),
        'words', private.words_around(p_thread, p_way),
        'page', private.page_of_messages(p_thread, p_way.way, 9223372036854775807),
        'changed', private.changed_messages(p_thread, p_way.way),
        'kept_back', private.kept_back_in(p_thread.id)
    );
end
$$;

create function public.open_thread(p_young_person uuid, p_kind text, p_organisation uuid) returns json
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_thread private.threads;
    v_way private.thread_way;
begin
    for v_thread in
        select t.* from private.threads as t
        where t.young_person_id = p_young_person and t.kind = p_kind
            and (p_organisation is null or t.organisation_id = p_organisation)
        order by t.last_at desc nulls last, t.id
    loop
        v_way := private.way_into(v_thread.organisation_id, p_young_person, p_kind);
        exit when v_way.way is not null;
    end loop;
    if v_way.way is null then
        if p_young_person = v_me and v_thread.id is null then
            perform private.refuse('PT404', 'not_found');
        end if;
        perform private.refuse('PT403', 'not_allowed');
    end if;
    perform private.log_thread(v_thread, v_way);
    return private.thread_as_json(v_thread, v_way);
end
$$;
comment on function public.open_thread is
    'A thread with its newest 30 messages, and older ones that were just changed. organisation null: of several '
    'the one that was written in last. Who is not the young person gets a row in the access log.';

create function private.readable_thread(p_thread uuid, out thread private.threads, out way private.thread_way)
language plpgsql stable set search_path = '' as $$
begin
    perform private.require_full();
    select t.* into thread from private.threads as t where t.id = p_thread;
    way := private.way_into(thread.organisation_id, thread.young_person_id, thread.kind);
    -- One answer for somebody else's and for what is not there.
    if way.way is null then
        perform private.refuse('PT403', 'not_allowed');
    end if;
end
$$;

create function public.older_messages(p_thread uuid, p_before bigint) returns json
language plpgsql security definer set search_path = '' as $$
declare
    v_seen record := private.readable_thread(p_thread);
begin
    perform private.require_given(jsonb_build_object('before', p_before));
    perform private.log_thread(v_seen.thread, v_seen.way);
    return private.page_of_messages(v_seen.thread, (v_seen.way).way, p_before);
end
$$;
comment on function public.older_messages is 'The 30 messages before this seq.';

create function private.my_threads()
returns table (thread private.threads, part text, since timestamptz, read_seq bigint)
language sql stable rows 20 set search_path = '' as $$
    select found.thread, found.part, found.since, coalesce(k.read_seq, 0)
    from (
        select t as thread, 'own' as part, m.since, m.person_id
        from private.current_memberships as m
        join private.threads as t
            on t.young_person_id = m.person_id and t.organisation_id = m.organisation_id
        where m.person_id = (select private.my_person()) and m.role = 'young_person'
        union all
        select t, mine.part, mine.since, mine.person_id
        from private.current_teams as mine
        join private.threads as t
            on t.young_person_id = mine.young_person_id and t.organisation_id = mine.organisation_id
            and t.kind = private.thread_kind_of(mine.part)
        where mine.person_id = (select private.my_person()) and mine.cleared
    ) as found
    left join private.thread_marks as k
        on k.thread_id = (found.thread).id and k.person_id = found.person_id
$$;
comment on function private.my_threads is 'Those I take part in now; part is own for the young person.';

create function private.unread_in(p_thread uuid, p_me uuid, p_since timestamptz, p_read bigint)
returns integer
language sql stable set search_path = '' as $$
    select count(*)::integer from (
        select m.author, m.sent_at from private.messages as m
        where m.thread_id = p_thread and m.seq > p_read order by m.seq desc limit 100
    ) as new
    where new.author <> p_me and new.sent_at >= p_since
$$;
comment on function private.unread_in is
    'Messages of others that I have not read, of the newest 100; none from before I was there.';

create function public.my_threads() returns json
language plpgsql stable security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
begin
    return (
        select coalesce(json_agg(json_build_object(
            'thread_id', (mine.thread).id, 'organisation_id', (mine.thread).organisation_id,
            'young_person', (mine.thread).young_person_id, 'kind', (mine.thread).kind,
            'name', case mine.part when 'own' then private.thread_name(mine.thread, 'own')
                when 'mentor' then private.first_name(p.name) else p.name end,
            'last_at', (mine.thread).last_at, 'waiting_since', (mine.thread).waiting_since,
            'unread', case when (mine.thread).last_seq > mine.read_seq
                then private.unread_in((mine.thread).id, v_me, mine.since, mine.read_seq) else 0 end,
            'last_is_mine', (
                select m.author = v_me from private.messages as m
                where m.thread_id = (mine.thread).id and m.seq = (mine.thread).last_seq
            ),
            -- What staff read of a young person they read in the thread, where it is logged.
            'last', case when mine.part = 'own' then private.messages_as_json(
                mine.thread, mine.part, array[(mine.thread).last_seq]
            ) -> 0 end
        ) order by (mine.thread).waiting_since, (mine.thread).last_at desc nulls last, (mine.thread).id), '[]')
        from private.my_threads() as mine
        join public.people as p on p.id = (mine.thread).young_person_id
    );
end
$$;
comment on function public.my_threads is
    'First those in which a young person waits, longest first; then the latest. Only the young person gets words.';

create function public.unread_messages() returns integer
language plpgsql stable security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
begin
    return (
        select coalesce(sum(private.unread_in((mine.thread).id, v_me, mine.since, mine.read_seq)), 0)
        from private.my_threads() as mine where (mine.thread).last_seq > mine.read_seq
    );
end
$$;

revoke execute on function
    private.name_in_thread(text, boolean, text),
    private.messages_as_json(private.threads, text, bigint[]),
    private.page_of_messages(private.threads, text, bigint),
    private.log_thread(private.threads, private.thread_way),
    private.thread_name(private.threads, text),
    private.thread_as_json(private.threads, private.thread_way),
    public.open_thread(uuid, text, uuid), private.readable_thread(uuid),
    public.older_messages(uuid, bigint), private.my_threads(),
    private.unread_in(uuid, uuid, timestamptz, bigint), public.my_threads(), public.unread_messages()
    from public, anon, authenticated, service_role;
grant execute on function
    public.open_thread(uuid, text, uuid), public.older_messages(uuid, bigint), public.my_threads(),
    public.unread_messages()
    to authenticated;
