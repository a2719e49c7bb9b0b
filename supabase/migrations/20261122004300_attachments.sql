-- Files that belong to messages. Their bytes are sealed by the app: the database holds the key of
-- each, sealed too, the bucket what only that key opens.
set lock_timeout = '5s';

insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values ('attachments', 'attachments', false, 10000100, array['application/octet-stream']);

create table private.attachments (
    id uuid primary key,
    thread_id uuid not null references private.threads (id) on delete restrict,
    author uuid not null references public.people (id) on delete restrict,
    seq bigint,
    sealed private.sealed not null,
    key_id text generated always as (split_part(sealed, '.', 2)) stored,
    kept_at timestamptz not null default clock_timestamp(),
    constraint one_attachment_of_a_message unique (thread_id, seq),
    foreign key (thread_id, seq) references private.messages (thread_id, seq) on delete cascade
);
comment on table private.attachments is
    'Its object is named <thread>/<id>, the small picture of it <thread>/<id>-small. The row comes before them.';
comment on column private.attachments.seq is 'Its message; null while it was chosen and not sent.';
comment on column private.attachments.sealed is
    'How it is called, what it is, and the key of its bytes. Without this row nobody can ever read them.';
create index attachments_by_author on private.attachments (author, kept_at);
create index attachments_by_key on private.attachments (key_id);
create index attachments_not_sent on private.attachments (kept_at) where seq is null;

create table private.attachments_gone (
    id uuid primary key,
    thread_id uuid not null
);
comment on table private.attachments_gone is
    'Their rows are gone; a job takes the objects away through Storage, since SQL must not.';

create function private.attachment_is_gone() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    insert into private.attachments_gone (id, thread_id) select o.id, o.thread_id from old_rows as o;
    return null;
end
$$;
create trigger attachments_leave_their_objects after delete on private.attachments
    referencing old table as old_rows
    for each statement execute function private.attachment_is_gone();

create function private.attachment_objects(p_thread uuid, p_id uuid) returns text[]
language sql immutable set search_path = '' as $$
    select array[format('%s/%s', p_thread, p_id), format('%s/%s-small', p_thread, p_id)]
$$;

create function private.was_taken_back(p_thread uuid, p_seq bigint) returns boolean
language sql stable set search_path = '' as $$
    select v.sealed is null from private.message_versions as v
    where v.thread_id = p_thread and v.seq = p_seq order by v.version desc limit 1
$$;

create function private.may_read_attachment(p_attachment private.attachments) returns boolean
language plpgsql stable set search_path = '' as $$
declare
    v_thread private.threads;
begin
    if p_attachment.seq is null then
        return p_attachment.author = private.my_person();
    end if;
    select t.* into v_thread from private.threads as t where t.id = p_attachment.thread_id;
    return (private.way_into(v_thread.organisation_id, v_thread.young_person_id, v_thread.kind)).way is not null
        and not private.was_taken_back(p_attachment.thread_id, p_attachment.seq);
end
$$;

create function private.my_thread_folders() returns setof text
language sql stable security definer rows 50 set search_path = '' as $$
    select found.id::text
    from (
        select (mine.thread).id from private.my_threads() as mine
        union all
        select t.id
        from private.openings as o
        cross join lateral private.ways_by_opening(o.young_person_id) as way
        join private.threads as t
            on t.young_person_id = o.young_person_id and t.organisation_id = way.organisation_id
        where o.closed_at is null and o.ends_at > now()
            and (select private.my_person()) in (o.asked_by, o.agreed_by)
        union all
        select t.id
        from private.current_memberships as mine
        join private.threads as t on t.organisation_id = mine.organisation_id and t.kind = 'mentor'
        where mine.person_id = (select private.my_person()) and mine.role = 'coordinator' and mine.cleared
    ) as found
    where (select private.is_full() and not private.second_factor_missing())
$$;
comment on function private.my_thread_folders is
    'The threads that private.way_into lets me into, as they name folders. What lies there is sealed: its keys come '
    'from read_attachment, which logs and knows what was taken back.';

create function private.my_chosen_objects() returns setof text
language sql stable security definer rows 10 set search_path = '' as $$
    select unnest(private.attachment_objects(a.thread_id, a.id))
    from private.attachments as a
    where a.author = (select private.my_person()) and a.seq is null and a.kept_at > now() - interval '1 day'
$$;

create function private.my_objects_to_remove() returns setof text
language sql stable security definer rows 200 set search_path = '' as $$
    select unnest(private.attachment_objects(g.thread_id, g.id))
    from (select n.id, n.thread_id from private.attachments_gone as n order by n.id limit 100) as g
    where (select private.my_machine_kind()) = 'jobs'
$$;

create policy "people can add what they are about to send" on storage.objects
    for insert to authenticated with check (
        bucket_id = 'attachments' and name in (select private.my_chosen_objects())
        and (storage.foldername(name))[1] in (select private.my_thread_folders())
    );
create policy "people can fetch the sealed bytes of threads they can read" on storage.objects
    for select to authenticated using (
        bucket_id = 'attachments'
        and (storage.foldername(name))[1] in (select private.my_thread_folders())
    );
create policy "the machine can see what nobody needs" on storage.objects
    for select to authenticated using (
        bucket_id = 'attachments' and name in (select private.my_objects_to_remove())
    );
create policy "the machine can remove what nobody needs" on storage.objects
    for delete to authenticated using (
        bucket_id = 'attachments' and name in (select private.my_objects_to_remove())
    );

alter table private.attachments enable row level security;
alter table private.attachments force row level security;
alter table private.attachments_gone enable row level security;
alter table private.attachments_gone force row level security;
revoke all on private.attachments, private.attachments_gone
    from public, anon, authenticated, service_role;
revoke execute on function
    private.attachment_is_gone(), private.attachment_objects(uuid, uuid),
    private.was_taken_back(uuid, bigint), private.may_read_attachment(private.attachments),
    private.my_thread_folders(), private.my_chosen_objects(), private.my_objects_to_remove()
    from public, anon, authenticated, service_role;
grant execute on function
    private.my_thread_folders(), private.my_chosen_objects(), private.my_objects_to_remove()
    to authenticated;
