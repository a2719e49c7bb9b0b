-- Choosing a file, sending it with a message, reading it, and what is taken away after its time.
set lock_timeout = '5s';

create function private.require_few_files(p_person uuid) returns void
language plpgsql stable set search_path = '' as $$
begin
    if (
        select count(*) from private.attachments as a
        where a.author = p_person and a.kept_at > (select clock_timestamp() - interval '10 minutes')
    ) >= 30 then
        perform private.refuse('PT422', 'too_many_files', '{"most": 30, "seconds": 600}');
    end if;
end
$$;

create function public.keep_attachment(p_thread uuid, p_attachment uuid, p_sealed text) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_held record := private.held_thread(p_thread);
begin
    perform private.require_given(jsonb_build_object('attachment', p_attachment, 'sealed', p_sealed));
    perform private.require_sealed(p_sealed);
    perform private.require_few_files(v_me);
    insert into private.attachments (id, thread_id, author, sealed)
    values (p_attachment, p_thread, v_me, p_sealed)
    on conflict do nothing;
    if not found then
        perform private.refuse('PT409', 'already_there');
    end if;
end
$$;
comment on function public.keep_attachment is
    'I am about to send this in a thread I write in. Its object comes after this; a day later what was not sent goes.';

create function public.send_with_attachment(
    p_thread uuid, p_client_id uuid, p_sealed text, p_reply_to uuid, p_attachment uuid
) returns json
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_held record := private.held_thread(p_thread);
    v_seq bigint;
begin
    perform private.require_given(jsonb_build_object('attachment', p_attachment));
    v_seq := public.send_message(p_thread, p_client_id, p_sealed, p_reply_to) ->> 'seq';
    update private.attachments as a set seq = v_seq
    where a.id = p_attachment and a.thread_id = p_thread and a.author = v_me and a.seq is null
        and not exists (
            select from private.attachments as b where b.thread_id = p_thread and b.seq = v_seq
        )
        and exists (
            select from storage.objects as o
            where o.bucket_id = 'attachments'
                and o.name = (private.attachment_objects(p_thread, p_attachment))[1]
        );
    if not exists (
        select from private.attachments as a
        where a.id = p_attachment and a.thread_id = p_thread and a.seq = v_seq
    ) then
        perform private.refuse('PT409', 'attachment_gone');
    end if;
    return private.one_message(v_held.thread, (v_held.way).way, v_seq);
end
$$;
comment on function public.send_with_attachment is
    'Like send_message, with what I chose; the two are stored together or not at all.';

create function public.read_attachment(p_attachment uuid) returns json
language plpgsql security definer set search_path = '' as $$
declare
    v_attachment private.attachments;
    v_thread private.threads;
begin
    perform private.require_full();
    select a.* into v_attachment from private.attachments as a where a.id = p_attachment;
    if private.may_read_attachment(v_attachment) is not true then
        perform private.refuse('PT404', 'not_found');
    end if;
    select t.* into v_thread from private.threads as t where t.id = v_attachment.thread_id;
    perform private.log_thread(
        v_thread, private.way_into(v_thread.organisation_id, v_thread.young_person_id, v_thread.kind)
    );
    return json_build_object('thread_id', v_attachment.thread_id, 'sealed', v_attachment.sealed);
end
$$;
comment on function public.read_attachment is
    'One answer for what is not there, not mine to read, and taken back. Who is not the young person is logged.';

create function public.machine_gone_attachments() returns json
language plpgsql security definer set search_path = '' as $$
begin
    perform private.require_machine('jobs');
    delete from private.attachments as a
    where a.seq is null and a.kept_at < now() - interval '1 day';
    return (
        select coalesce(json_agg(json_build_object(
            'id', g.id, 'objects', private.attachment_objects(g.thread_id, g.id)
        )), '[]')
        from (select n.id, n.thread_id from private.attachments_gone as n order by n.id limit 100) as g
    );
end
$$;
comment on function public.machine_gone_attachments is
    'At most 100 whose objects nobody needs; what was chosen a day ago and not sent is among them.';

create function public.machine_removed_attachments(p_ids uuid[]) returns integer
language plpgsql security definer set search_path = '' as $$
declare
    v_removed integer;
begin
    perform private.require_machine('jobs');
    delete from private.attachments_gone as g
    where g.id = any (p_ids) and not exists (
        select from storage.objects as o
        where o.bucket_id = 'attachments'
            and o.name = any (private.attachment_objects(g.thread_id, g.id))
    );
    get diagnostics v_removed = row_count;
    return v_removed;
end
$$;
comment on function public.machine_removed_attachments is
    'Their objects are gone too; where one is still there it is asked for again.';

revoke execute on function
    private.require_few_files(uuid), public.keep_attachment(uuid, uuid, text),
    public.send_with_attachment(uuid, uuid, text, uuid, uuid), public.read_attachment(uuid),
    public.machine_gone_attachments(), public.machine_removed_attachments(uuid[])
    from public, anon, authenticated, service_role;
grant execute on function
    public.keep_attachment(uuid, uuid, text),
    public.send_with_attachment(uuid, uuid, text, uuid, uuid), public.read_attachment(uuid),
    public.machine_gone_attachments(), public.machine_removed_attachments(uuid[])
    to authenticated;
