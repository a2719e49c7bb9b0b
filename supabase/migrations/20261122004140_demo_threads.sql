-- A demo needs threads of several months; no other place can have a message of the past.
set lock_timeout = '5s';

create function private.is_demo(p_organisation uuid) returns boolean
language sql stable set search_path = '' as $$
    -- App metadata can only be set with the secret key; a person cannot write it.
    select exists (
        select from private.audit as a
        where a.organisation_id = p_organisation and a.action = 'organisation_founded'
            and private.app_metadata(a.actor_user) -> 'founds' -> 'demo' = 'true'
    )
$$;

create function public.demo_messages(p_thread uuid, p_messages jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_held record := private.held_thread(p_thread);
begin
    if not private.is_demo((v_held.thread).organisation_id) then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    insert into private.messages (thread_id, seq, client_id, author, by_stand_in, sent_at)
    select p_thread, r.seq, r.client_id, v_me, (v_held.way).way = 'stand_in', least(r.at, now())
    from jsonb_to_recordset(p_messages) as r (seq bigint, client_id uuid, at timestamptz);
    insert into private.message_versions (thread_id, seq, version, sealed, written_at)
    select p_thread, r.seq, 1, r.sealed, least(r.at, now())
    from jsonb_to_recordset(p_messages) as r (seq bigint, sealed text, at timestamptz);
    update private.threads as t
    set last_seq = latest.seq, last_at = latest.sent_at, waiting_since = private.waiting_since(t)
    from (
        select m.seq, m.sent_at from private.messages as m
        where m.thread_id = p_thread order by m.seq desc limit 1
    ) as latest
    where t.id = p_thread;
end
$$;
comment on function public.demo_messages is
    'Messages of mine, [{"seq": 1, "client_id": …, "at": …, "sealed": …}], in an organisation whose founder''s '
    'app metadata says founds: {"demo": true}.';

revoke execute on function private.is_demo(uuid), public.demo_messages(uuid, jsonb)
    from public, anon, authenticated, service_role;
grant execute on function public.demo_messages(uuid, jsonb) to authenticated;
