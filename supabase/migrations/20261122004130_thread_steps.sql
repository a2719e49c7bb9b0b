-- Writing in a thread: send once, change, take back; drafts, and what was delivered and read.
set lock_timeout = '5s';

create function private.held_thread(p_thread uuid, out thread private.threads, out way private.thread_way)
language plpgsql set search_path = '' as $$
declare
    v_me uuid := private.require_full();
begin
    select t.* into thread from private.threads as t where t.id = p_thread for no key update;
    way := private.way_into(thread.organisation_id, thread.young_person_id, thread.kind);
    if way.way is null and thread.young_person_id = v_me then
        perform private.refuse('PT409', 'thread_closed');
    elsif way.way is null then
        perform private.refuse('PT403', 'not_allowed');
    elsif not private.may_write(way) then
        perform private.refuse('PT403', 'read_only');
    end if;
end
$$;
comment on function private.held_thread is
    'A thread I may write in, held so that its messages get their order one after the other.';

create function private.require_sealed(p_sealed text) returns void
language plpgsql immutable set search_path = '' as $$
begin
    if private.is_sealed(p_sealed) is not true then
        perform private.refuse('PT422', 'not_valid', jsonb_build_object('field', 'sealed'));
    end if;
end
$$;

create function private.require_pause(p_person uuid) returns void
language plpgsql stable set search_path = '' as $$
begin
    if (
        select count(*) from private.messages as m
        -- As a query of its own: else the index cannot be asked for a time that never stands still.
        where m.author = p_person and m.sent_at > (select clock_timestamp() - interval '1 minute')
    ) >= 60 then
        perform private.refuse('PT422', 'too_many_messages', '{"most": 60, "seconds": 60}');
    end if;
end
$$;

create function private.one_message(p_thread private.threads, p_way text, p_seq bigint) returns json
language sql stable set search_path = '' as $$
    select private.messages_as_json(p_thread, p_way, array[p_seq]) -> 0
$$;

create function public.send_message(p_thread uuid, p_client_id uuid, p_sealed text, p_reply_to uuid)
returns json language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_held record := private.held_thread(p_thread);
    v_thread private.threads := v_held.thread;
    v_seq bigint := v_thread.last_seq + 1;
    v_reply bigint;
    v_at timestamptz;
    v_sent private.messages;
begin
    perform private.require_given(jsonb_build_object('client_id', p_client_id, 'sealed', p_sealed));
    select m.* into v_sent from private.messages as m
    where m.thread_id = p_thread and m.client_id = p_client_id;
    if v_sent.author = v_me then
        return private.one_message(v_thread, (v_held.way).way, v_sent.seq);
    elsif v_sent.author is not null then
        perform private.refuse('PT409', 'already_there');
    end if;
    if cardinality(private.helpers_in(
        v_thread.organisation_id, v_thread.young_person_id, v_thread.kind
    )) = 0 then
        perform private.refuse('PT409', 'thread_closed');
    end if;
    perform private.require_sealed(p_sealed);
    perform private.require_pause(v_me);
    select m.seq into v_reply from private.messages as m
    where m.id = p_reply_to and m.thread_id = p_thread;
    if p_reply_to is not null and v_reply is null then
        perform private.refuse('PT422', 'reply_not_valid');
    end if;
    insert into private.messages (thread_id, seq, client_id, author, by_stand_in, reply_to)
    values (p_thread, v_seq, p_client_id, v_me, (v_held.way).way = 'stand_in', v_reply)
    returning sent_at into v_at;
    update private.threads as t
    set last_seq = v_seq, last_at = v_at,
        waiting_since = case when v_me = t.young_person_id then coalesce(t.waiting_since, v_at) end
    where t.id = p_thread;
    delete from private.drafts as d where d.thread_id = p_thread and d.person_id = v_me;
    insert into private.message_versions (thread_id, seq, version, sealed)
    values (p_thread, v_seq, 1, p_sealed);
    return private.one_message(v_thread, (v_held.way).way, v_seq);
end
$$;
comment on function public.send_message is
    'Once for a client id: again it answers with what was sent the first time. My draft there is gone with it.';

create function private.my_message(p_message uuid, p_within interval, out thread private.threads,
    out way private.thread_way, out seq bigint, out version smallint)
language plpgsql set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_seen private.messages;
    v_held record;
begin
    select m.* into v_seen from private.messages as m where m.id = p_message;
    if v_seen.author is distinct from v_me then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    v_held := private.held_thread(v_seen.thread_id);
    thread := v_held.thread;
    way := v_held.way;
    seq := v_seen.seq;
    select case when v.sealed is not null then v.version end into version
    from private.message_versions as v
    where v.thread_id = v_seen.thread_id and v.seq = v_seen.seq order by v.version desc limit 1;
    if version is not null and v_seen.sent_at < clock_timestamp() - p_within then
        perform private.refuse('PT409', 'too_late',
            jsonb_build_object('minutes', extract(epoch from p_within)::integer / 60));
    end if;
end
$$;
comment on function private.my_message is
    'A message of mine, its thread held. version null: it was taken back.';

create function public.edit_message(p_message uuid, p_sealed text, p_version integer) returns json
language plpgsql security definer set search_path = '' as $$
declare
    v_mine record := private.my_message(p_message, interval '24 hours');
begin
    if v_mine.version is null then
        perform private.refuse('PT409', 'taken_back');
    end if;
    perform private.require_sealed(p_sealed);
    if v_mine.version is distinct from p_version then
        perform private.refuse('PT409', 'changed_meanwhile', jsonb_build_object('version', v_mine.version));
    end if;
    -- The last one is kept free for taking it back.
    if v_mine.version >= 19 then
        perform private.refuse('PT422', 'too_many', jsonb_build_object('most', 19));
    end if;
    insert into private.message_versions (thread_id, seq, version, sealed)
    values ((v_mine.thread).id, v_mine.seq, v_mine.version + 1, p_sealed);
    perform private.record('message_edited', 'message', p_message, (v_mine.thread).organisation_id);
    return private.one_message(v_mine.thread, (v_mine.way).way, v_mine.seq);
end
$$;
comment on function public.edit_message is 'Of my own, for 24 hours, over the version that was seen.';

create function private.waiting_since(p_thread private.threads) returns timestamptz
language sql stable set search_path = '' as $$
    select m.sent_at from private.messages as m
    where m.thread_id = p_thread.id and m.author = p_thread.young_person_id
        and m.seq > greatest(p_thread.settled_seq, (
            select a.seq from private.messages as a
            where a.thread_id = p_thread.id and a.author <> p_thread.young_person_id
            order by a.seq desc limit 1
        ))
        and (
            select v.sealed is not null from private.message_versions as v
            where v.thread_id = m.thread_id and v.seq = m.seq order by v.version desc limit 1
        )
    order by m.seq limit 1
$$;

create function public.take_back_message(p_message uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_mine record := private.my_message(p_message, interval '15 minutes');
    v_version smallint;
begin
    if v_mine.version is null then
        return;
    end if;
    v_version := v_mine.version + 1;
    insert into private.message_versions (thread_id, seq, version, sealed)
    values ((v_mine.thread).id, v_mine.seq, v_version, null);
    update private.threads as t set waiting_since = private.waiting_since(t)
    where t.id = (v_mine.thread).id and t.waiting_since is not null;
    perform private.record('message_taken_back', 'message', p_message, (v_mine.thread).organisation_id);
end
$$;
comment on function public.take_back_message is
    'Of my own, for 15 minutes; again changes nothing. The sealed words stay as long as the thread is kept.';

create function public.settle_thread(p_thread uuid, p_seq bigint) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_held record := private.held_thread(p_thread);
begin
    if (v_held.way).way = 'own' then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    perform private.require_given(jsonb_build_object('seq', p_seq));
    update private.threads as t set settled_seq = least(greatest(p_seq, 0), t.last_seq)
    where t.id = p_thread;
    update private.threads as t set waiting_since = private.waiting_since(t) where t.id = p_thread;
    perform private.record(
        'thread_settled', 'thread', p_thread, (v_held.thread).organisation_id, '{settled_seq}'
    );
    perform private.hint_thread(p_thread);
end
$$;
comment on function public.settle_thread is
    'By who helps: up to this seq nothing needs an answer; 0 takes that back. What is written later waits again.';

create function public.mark_messages(p_thread uuid, p_delivered bigint, p_read bigint) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_seen record := private.readable_thread(p_thread);
    v_read bigint := least(greatest(p_read, 0), (v_seen.thread).last_seq);
    v_delivered bigint := greatest(least(greatest(p_delivered, 0), (v_seen.thread).last_seq), v_read);
begin
    -- Who only reads leaves no mark: the two sides see each other's alone.
    if not private.may_write(v_seen.way) then
        return;
    end if;
    insert into private.thread_marks as k (thread_id, person_id, delivered_seq, read_seq)
    values (p_thread, v_me, coalesce(v_delivered, 0), coalesce(v_read, 0))
    on conflict (thread_id, person_id) do update
    set delivered_seq = greatest(k.delivered_seq, excluded.delivered_seq),
        read_seq = greatest(k.read_seq, excluded.read_seq)
    where excluded.delivered_seq > k.delivered_seq or excluded.read_seq > k.read_seq;
    if not found then
        return;
    elsif exists (select from private.receipts_off as o where o.person_id = v_me) then
        perform private.hint('messages', p_thread, array[v_me]);
    else
        perform private.hint_thread(p_thread);
    end if;
end
$$;
comment on function public.mark_messages is 'Up to which seq messages were delivered to me and read by me. Marks only go up.';

create function public.set_receipts(p_on boolean) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
begin
    perform private.require_given(jsonb_build_object('on', p_on));
    if p_on then
        delete from private.receipts_off as o where o.person_id = v_me;
    else
        insert into private.receipts_off (person_id) values (v_me) on conflict do nothing;
    end if;
    perform private.hint('messages', null, array[v_me]);
end
$$;
comment on function public.set_receipts is 'Off: I neither show what was delivered to me and read, nor see it of others.';

create function public.save_draft(p_thread uuid, p_sealed text) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_seen record := private.readable_thread(p_thread);
begin
    if not private.may_write(v_seen.way) then
        perform private.refuse('PT403', 'read_only');
    end if;
    if p_sealed is null then
        delete from private.drafts as d where d.thread_id = p_thread and d.person_id = v_me;
        return;
    end if;
    perform private.require_sealed(p_sealed);
    insert into private.drafts (thread_id, person_id, sealed) values (p_thread, v_me, p_sealed)
    on conflict (thread_id, person_id) do update set sealed = excluded.sealed, written_at = now();
end
$$;
comment on function public.save_draft is 'What I have typed and not sent; null: nothing.';

revoke execute on function
    private.held_thread(uuid), private.require_sealed(text), private.require_pause(uuid),
    private.one_message(private.threads, text, bigint),
    public.send_message(uuid, uuid, text, uuid), private.my_message(uuid, interval),
    public.edit_message(uuid, text, integer), private.waiting_since(private.threads),
    public.take_back_message(uuid), public.settle_thread(uuid, bigint),
    public.mark_messages(uuid, bigint, bigint),
    public.set_receipts(boolean), public.save_draft(uuid, text)
    from public, anon, authenticated, service_role;
grant execute on function
    public.send_message(uuid, uuid, text, uuid), public.edit_message(uuid, text, integer),
    public.take_back_message(uuid), public.settle_thread(uuid, bigint),
    public.mark_messages(uuid, bigint, bigint),
    public.set_receipts(boolean), public.save_draft(uuid, text)
    to authenticated;
