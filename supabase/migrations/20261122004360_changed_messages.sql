-- What was changed or taken back further up: an open screen has it, and reads the newest page alone.
set lock_timeout = '5s';

create index message_versions_changed on private.message_versions (thread_id, written_at) where version > 1;

create function private.changed_messages(p_thread private.threads, p_way text) returns json
language plpgsql stable set search_path = '' as $$
declare
    v_seqs bigint[] := array(
        select v.seq from private.message_versions as v
        where v.thread_id = p_thread.id and v.version > 1
            -- No screen is away for longer and comes back with what it had.
            and v.written_at > (select now() - interval '24 hours')
            and v.seq <= p_thread.last_seq - 30
        order by v.written_at desc limit 30
    );
begin
    return case when cardinality(v_seqs) > 0
        then private.messages_as_json(p_thread, p_way, v_seqs) else '[]' end;
end
$$;
comment on function private.changed_messages is
    'Those before the newest 30 that have had another version within 24 hours, as they are now.';

revoke execute on function private.changed_messages(private.threads, text)
    from public, anon, authenticated, service_role;
