-- What was written without network and comes in later: sent, or kept back until its author looks at it.
set lock_timeout = '5s';

create table private.kept_back (
    thread_id uuid not null references private.threads (id) on delete cascade,
    person_id uuid not null references public.people (id) on delete cascade,
    client_id uuid not null,
    sealed private.sealed not null,
    key_id text generated always as (split_part(sealed, '.', 2)) stored,
    came_at timestamptz not null default clock_timestamp(),
    primary key (thread_id, person_id, client_id)
);
comment on table private.kept_back is
    'Written without network and not sent: others wrote meanwhile, or its author never tapped Send. Theirs alone.';
create index kept_back_by_person on private.kept_back (person_id);
create index kept_back_by_key on private.kept_back (key_id);

create function private.is_kept_back_no_more() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    delete from private.kept_back as k
    where k.thread_id = new.thread_id and k.person_id = new.author and k.client_id = new.client_id;
    return null;
end
$$;
create trigger what_is_sent_is_kept_back_no_more after insert on private.messages
    for each row execute function private.is_kept_back_no_more();

create function private.kept_back_in(p_thread uuid) returns json
language sql stable set search_path = '' as $$
    select coalesce(json_agg(json_build_object(
        'client_id', k.client_id, 'sealed', k.sealed, 'came_at', k.came_at
    ) order by k.came_at, k.client_id), '[]')
    from private.kept_back as k
    where k.thread_id = p_thread and k.person_id = (select private.my_person())
$$;

create function public.send_or_keep_back(p_thread uuid, p_client_id uuid, p_sealed text, p_kept text, p_seen bigint)
returns boolean language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_held record := private.held_thread(p_thread);
begin
    perform private.require_given(jsonb_build_object('client_id', p_client_id));
    if exists (
        select from private.messages as m where m.thread_id = p_thread and m.client_id = p_client_id
    ) or (p_seen is not null and not exists (
        select from private.messages as m
        where m.thread_id = p_thread and m.seq > p_seen and m.author <> v_me
    )) then
        perform public.send_message(p_thread, p_client_id, p_sealed, null);
        return true;
    end if;
    perform private.require_sealed(p_kept);
    if (
        select count(*) from private.kept_back as k where k.thread_id = p_thread and k.person_id = v_me
    ) >= 50 then
        perform private.refuse('PT422', 'too_many', '{"most": 50}');
    end if;
    insert into private.kept_back (thread_id, person_id, client_id, sealed)
    values (p_thread, v_me, p_client_id, p_kept)
    on conflict (thread_id, person_id, client_id) do update set sealed = excluded.sealed;
    -- It began with what stood in the box.
    delete from private.drafts as d where d.thread_id = p_thread and d.person_id = v_me;
    perform private.hint('messages', p_thread, array[v_me]);
    return false;
end
$$;
comment on function public.send_or_keep_back is
    'True: sent, once for a client id. False: kept back, since others wrote after seen, or seen is null: it was not '
    'meant to be sent yet. sealed is for the message, kept for this table.';

create function public.drop_kept_back(p_thread uuid, p_client_id uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
begin
    perform private.held_thread(p_thread);
    delete from private.kept_back as k
    where k.thread_id = p_thread and k.person_id = v_me and k.client_id = p_client_id;
    perform private.hint('messages', p_thread, array[v_me]);
end
$$;
comment on function public.drop_kept_back is 'By its author; again changes nothing.';

alter table private.kept_back enable row level security;
alter table private.kept_back force row level security;
revoke all on private.kept_back from public, anon, authenticated, service_role;
revoke execute on function
    private.is_kept_back_no_more(), private.kept_back_in(uuid),
    public.send_or_keep_back(uuid, uuid, text, text, bigint), public.drop_kept_back(uuid, uuid)
    from public, anon, authenticated, service_role;
grant execute on function
    public.send_or_keep_back(uuid, uuid, text, text, bigint), public.drop_kept_back(uuid, uuid)
    to authenticated;
