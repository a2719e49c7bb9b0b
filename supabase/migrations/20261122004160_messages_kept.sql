-- How long messages are kept, and forgetting those whose time is over.
set lock_timeout = '5s';

alter table public.organisations
    add column messages_kept_days smallint not null default 730
        check (messages_kept_days between 30 and 3650);
comment on column public.organisations.messages_kept_days is
    'From the day a message was sent. Nothing is forgotten of a young person whose retention class is hold.';

drop trigger messages_never_change on private.messages;
drop trigger versions_never_go on private.message_versions;
create trigger messages_never_change before update on private.messages
    for each statement execute function private.refuse_change_of_words();
create trigger versions_are_never_emptied before truncate on private.message_versions
    for each statement execute function private.refuse_change_of_words();
-- The shortest time that can be set: before it is over nobody takes a message away.
create trigger messages_never_go_early before delete on private.messages
    for each row when (old.sent_at > now() - interval '30 days')
    execute function private.refuse_change_of_words();
-- Other words may have come a day after the message, and must go with it.
create trigger versions_never_go_early before delete on private.message_versions
    for each row when (old.written_at > now() - interval '29 days')
    execute function private.refuse_change_of_words();
alter table private.messages enable always trigger messages_never_change;
alter table private.messages enable always trigger messages_never_go_early;
alter table private.message_versions enable always trigger versions_are_never_emptied;
alter table private.message_versions enable always trigger versions_never_go_early;

create function public.set_messages_kept(p_organisation uuid, p_days integer, p_version integer)
returns integer language plpgsql security definer set search_path = '' as $$
declare
    v_seen public.organisations;
begin
    perform private.require_cleared_role(p_organisation, 'administrator');
    select o.* into v_seen from public.organisations as o where o.id = p_organisation for update;
    if (p_days between 30 and 3650) is not true then
        perform private.refuse('PT422', 'retention_not_valid',
            jsonb_build_object('shortest', 30, 'longest', 3650));
    end if;
    if v_seen.version is distinct from p_version then
        perform private.refuse('PT409', 'changed_meanwhile', jsonb_build_object('version', v_seen.version));
    end if;
    update public.organisations as o set messages_kept_days = p_days where o.id = p_organisation;
    perform private.record(
        'messages_kept_set', 'organisation', p_organisation, p_organisation, '{messages_kept_days}'
    );
    return v_seen.version + 1;
end
$$;
comment on function public.set_messages_kept is 'By a cleared administrator, over the version that was seen.';

create function private.is_on_hold(p_thread private.threads) returns boolean
language sql stable set search_path = '' as $$
    select exists (
        select from public.memberships as m
        where m.organisation_id = p_thread.organisation_id
            and m.person_id = p_thread.young_person_id and m.retention_class = 'hold'
    )
$$;

create function public.machine_forget_messages() returns integer
language plpgsql security definer set search_path = '' as $$
declare
    v_old record;
    v_forgotten integer := 0;
    v_seqs bigint[];
begin
    perform private.require_machine('jobs');
    delete from private.kept_back as k using private.threads as t, public.organisations as o
    where t.id = k.thread_id and o.id = t.organisation_id
        and k.came_at < now() - o.messages_kept_days * interval '1 day'
        and not private.is_on_hold(t);
    for v_old in
        select t.id, now() - o.messages_kept_days * interval '1 day' as before
        from private.threads as t
        join public.organisations as o on o.id = t.organisation_id
        cross join lateral (
            select m.sent_at from private.messages as m
            where m.thread_id = t.id order by m.seq limit 1
        ) as first
        where first.sent_at < now() - o.messages_kept_days * interval '1 day'
            and not private.is_on_hold(t)
        limit 20
    loop
        v_seqs := array(
            select m.seq from private.messages as m
            where m.thread_id = v_old.id and m.sent_at < v_old.before order by m.seq limit 200
        );
        delete from private.message_versions as v where v.thread_id = v_old.id and v.seq = any (v_seqs);
        delete from private.messages as m where m.thread_id = v_old.id and m.seq = any (v_seqs);
        update private.threads as t set waiting_since = private.waiting_since(t)
        where t.id = v_old.id and t.waiting_since < v_old.before;
        v_forgotten := v_forgotten + cardinality(v_seqs);
    end loop;
    return v_forgotten;
end
$$;
comment on function public.machine_forget_messages is
    'Forgets up to 4,000 messages whose time is over, the oldest of each thread first; 0: none are left.';

revoke execute on function
    private.is_on_hold(private.threads),
    public.set_messages_kept(uuid, integer, integer), public.machine_forget_messages()
    from public, anon, authenticated, service_role;
grant execute on function
    public.set_messages_kept(uuid, integer, integer), public.machine_forget_messages()
    to authenticated;
