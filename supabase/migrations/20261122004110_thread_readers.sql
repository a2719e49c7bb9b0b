-- Who may read a thread and who may write in it, and the log of what staff read.
set lock_timeout = '5s';

alter table private.access_log drop constraint access_log_what_check;
alter table private.access_log add constraint access_log_what_check check (what in (
    'person', 'needs', 'contacts', 'justice', 'consents',
    'opening_asked', 'opening', 'opened_person', 'opened_needs', 'opened_contacts',
    'thread', 'mentor_thread', 'opened_thread'
));

create function private.was_just_logged(
    p_organisation uuid, p_membership uuid, p_role text, p_young_person uuid, p_what text
) returns boolean
language sql stable set search_path = '' as $$
    select exists (
        select from private.access_log as l
        where l.young_person_id = p_young_person
            and l.at > (select clock_timestamp() - interval '10 minutes')
            and l.organisation_id = p_organisation and l.what = p_what
            and l.reader_person = private.my_person()
            and l.reader_membership = p_membership and l.reader_role = p_role
    )
$$;

create function private.log_thread_reading(
    p_organisation uuid, p_membership uuid, p_role text, p_young_person uuid, p_what text
) returns void
language plpgsql set search_path = '' as $$
begin
    -- A thread is read anew with every message: most of these need not wait for the chain's lock.
    if private.was_just_logged(p_organisation, p_membership, p_role, p_young_person, p_what) then
        return;
    end if;
    insert into private.access_chains (organisation_id) values (p_organisation) on conflict do nothing;
    perform from private.access_chains as c where c.organisation_id = p_organisation for update;
    -- Behind the lock: of two readings at once the second sees the row of the first.
    if not private.was_just_logged(p_organisation, p_membership, p_role, p_young_person, p_what) then
        perform private.log_access(p_organisation, p_membership, p_role, p_young_person, p_what);
    end if;
end
$$;
comment on function private.log_thread_reading is
    'Reading on within ten minutes is the same reading.';

create type private.thread_way as (way text, membership_id uuid, role text, since timestamptz);

create function private.way_into(p_organisation uuid, p_young_person uuid, p_kind text)
returns private.thread_way
language plpgsql stable set search_path = '' as $$
declare
    v_me uuid := private.my_person();
    v_way private.thread_way;
begin
    if v_me = p_young_person then
        select 'own', m.id, m.role, m.since into v_way
        from private.current_memberships as m
        where m.organisation_id = p_organisation and m.person_id = v_me and m.role = 'young_person';
        return v_way;
    end if;
    select t.part, mine.id, mine.role, t.since into v_way
    from private.current_teams as t
    join private.current_memberships as mine
        on mine.organisation_id = t.organisation_id and mine.person_id = t.person_id and mine.cleared
    join private.fitting_roles as f on f.role = mine.role and f.part = t.part
    where t.organisation_id = p_organisation and t.young_person_id = p_young_person
        and t.person_id = v_me and private.thread_kind_of(t.part) = p_kind
    order by mine.role limit 1;
    if found then
        return v_way;
    end if;
    select 'opening', o.membership_id, o.role, null into v_way
    from private.ways_by_opening(p_young_person) as o where o.organisation_id = p_organisation;
    if not found and p_kind = 'mentor' then
        select 'coordinator', mine.id, mine.role, mine.since into v_way
        from private.current_memberships as mine
        join private.current_memberships as theirs
            on theirs.organisation_id = mine.organisation_id
            and theirs.person_id = p_young_person and theirs.role = 'young_person'
        where mine.organisation_id = p_organisation and mine.person_id = v_me
            and mine.role = 'coordinator' and mine.cleared;
    end if;
    return v_way;
end
$$;
comment on function private.way_into is
    'own: the young person. key_worker, stand_in, mentor: by their part, cleared; these four write too. '
    'opening: one of the two people of one. coordinator: of a mentor''s thread. way null: none.';

create function private.may_write(p_way private.thread_way) returns boolean
language sql immutable set search_path = '' as $$
    select coalesce(p_way.way in ('own', 'key_worker', 'stand_in', 'mentor'), false)
$$;

create function private.helpers_in(p_organisation uuid, p_young_person uuid, p_kind text) returns uuid[]
language sql stable set search_path = '' as $$
    select array(
        select t.person_id from private.current_teams as t
        where t.organisation_id = p_organisation and t.young_person_id = p_young_person and t.cleared
            and private.thread_kind_of(t.part) = p_kind
        order by t.part, t.since
    )
$$;
comment on function private.helpers_in is 'Who of the team reads this kind of thread and writes in it; the key worker first.';

create function private.readers_as_json(p_thread private.threads) returns json
language sql stable set search_path = '' as $$
    select coalesce(json_agg(json_build_object(
        'person_id', p.id, 'name', p.name, 'role', reader.role, 'stand_in', reader.part = 'stand_in',
        'title', case when reader.role = 'key_worker' then (
            select o.key_worker_title from public.organisations as o where o.id = p_thread.organisation_id
        ) end
    ) order by reader.place, p.name, p.id), '[]')
    from (
        select t.person_id, t.part, array_position(array['key_worker', 'stand_in', 'mentor'], t.part) as place,
            case when t.part = 'mentor' then 'mentor' else 'key_worker' end as role
        from private.current_teams as t
        where t.organisation_id = p_thread.organisation_id
            and t.young_person_id = p_thread.young_person_id
            and t.cleared and private.thread_kind_of(t.part) = p_thread.kind
        union all
        select m.person_id, null, 9, 'coordinator' from private.current_memberships as m
        where p_thread.kind = 'mentor' and m.organisation_id = p_thread.organisation_id
            and m.role = 'coordinator' and m.cleared
    ) as reader
    join public.people as p on p.id = reader.person_id
$$;
comment on function private.readers_as_json is
    'Everybody of the staff who can read a thread today, but for an opening to protect somebody.';

create function private.hint_thread(p_thread uuid) returns void
language sql set search_path = '' as $$
    select private.hint('messages', t.id,
        t.young_person_id || private.helpers_in(t.organisation_id, t.young_person_id, t.kind)
    ) from private.threads as t where t.id = p_thread
$$;

create function private.hint_written() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    perform private.hint_thread(w.thread_id) from (select distinct n.thread_id from written as n) as w;
    return null;
end
$$;
create trigger versions_are_hinted after insert on private.message_versions
    referencing new table as written
    for each statement execute function private.hint_written();

revoke execute on function
    private.was_just_logged(uuid, uuid, text, uuid, text),
    private.log_thread_reading(uuid, uuid, text, uuid, text), private.way_into(uuid, uuid, text),
    private.may_write(private.thread_way), private.helpers_in(uuid, uuid, text),
    private.readers_as_json(private.threads), private.hint_thread(uuid), private.hint_written()
    from public, anon, authenticated, service_role;
