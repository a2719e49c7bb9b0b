-- A message that waits longer than agreed: somebody else is told, and the young person learns who.
set lock_timeout = '5s';

create table private.hand_ons (
    thread_id uuid primary key references private.threads (id) on delete cascade,
    waiting_since timestamptz not null,
    stand_in uuid references public.people (id) on delete set null,
    at timestamptz not null default now()
);
comment on table private.hand_ons is
    'The last time a thread was handed on, and which wait that was about. Without stand_in: to the coordinators.';
create index hand_ons_by_stand_in on private.hand_ons (stand_in);
create index threads_by_waiting on private.threads (waiting_since) where waiting_since is not null;

alter table private.hand_ons enable row level security;
alter table private.hand_ons force row level security;
revoke all on private.hand_ons from public, anon, authenticated, service_role;

alter table private.notices drop constraint notices_kind_check;
alter table private.notices add constraint notices_kind_check check (kind in (
    'return_code_made', 'return_code_used', 'return_code_objected', 'page_opened', 'contact_added',
    'agreement_changed', 'handed_on', 'handed_to_you', 'nobody_answers'
));
create index notices_by_ref on private.notices (ref) where seen_at is null;

create function private.is_away(p_person uuid) returns boolean
language sql stable set search_path = '' as $$
    select exists (
        select from public.staff_cards as c join public.people as p on p.id = c.person_id
        where c.person_id = p_person and c.back_on > (now() at time zone p.time_zone)::date
    )
$$;

create function public.machine_waiting() returns json
language plpgsql stable security definer set search_path = '' as $$
begin
    perform private.require_machine('jobs');
    return (
        select coalesce(json_agg(json_build_object(
            'thread', w.id, 'waiting_since', w.waiting_since, 'answer_days', w.answer_days,
            'office_hours', coalesce(c.office_hours, '[]'), 'time_zone', coalesce(p.time_zone, w.time_zone),
            'back_on', case when private.is_away(c.person_id) then c.back_on end,
            'closed_days', array(
                select d.day from public.closed_days as d
                where d.organisation_id = w.organisation_id
                    and d.day between w.waiting_since::date - 1 and now()::date + 1
                order by d.day
            )
        ) order by w.waiting_since, w.id), '[]')
        from (
            select
                t.id, t.organisation_id, t.waiting_since, o.time_zone, k.person_id,
                coalesce(a.answer_days, 2) as answer_days
            from private.threads as t
            join public.organisations as o on o.id = t.organisation_id
            join private.current_memberships as young
                on young.organisation_id = t.organisation_id
                and young.person_id = t.young_person_id and young.role = 'young_person'
            left join private.current_teams as k
                on k.organisation_id = t.organisation_id and k.young_person_id = t.young_person_id
                and k.part = 'key_worker' and k.cleared
            left join private.agreements as a
                on a.organisation_id = t.organisation_id and a.young_person_id = t.young_person_id
            where t.kind = 'key_worker' and t.waiting_since is not null and not exists (
                select from private.hand_ons as h
                where h.thread_id = t.id and h.waiting_since = t.waiting_since
            )
            order by t.waiting_since, t.id limit 500
        ) as w
        left join public.people as p on p.id = w.person_id
        left join public.staff_cards as c on c.person_id = w.person_id
    );
end
$$;
comment on function public.machine_waiting is
    'Threads of key workers in which somebody waits and that were not handed on yet, the longest first, '
    'and the working days of who should answer. No names, no words.';

create function private.tell_of_wait(
    p_thread private.threads, p_stand_in uuid
) returns void language plpgsql set search_path = '' as $$
declare
    v_young constant jsonb := jsonb_build_object('about', p_thread.young_person_id);
begin
    if p_stand_in is not null then
        perform private.tell(p_stand_in, 'handed_to_you', p_thread.id, null, v_young);
    else
        perform private.tell(m.person_id, 'nobody_answers', p_thread.id, null, v_young)
        from private.current_memberships as m
        where m.organisation_id = p_thread.organisation_id and m.role = 'coordinator' and m.cleared;
    end if;
    perform private.tell(p_thread.young_person_id, 'handed_on', p_thread.id, null, case
        when p_stand_in is null then '{}' else jsonb_build_object('about', p_stand_in)
    end);
end
$$;

create function public.machine_hand_on(p_thread uuid, p_waiting_since timestamptz) returns text
language plpgsql security definer set search_path = '' as $$
declare
    v_thread private.threads;
    v_stand_in uuid;
begin
    perform private.require_machine('jobs');
    select t.* into v_thread from private.threads as t
    where t.id = p_thread and t.kind = 'key_worker' and t.waiting_since = p_waiting_since
    for no key update;
    -- Answered meanwhile, or taken back.
    if not found then
        return 'answered';
    end if;
    select t.person_id into v_stand_in
    from private.current_teams as t join public.people as p on p.id = t.person_id
    where t.organisation_id = v_thread.organisation_id
        and t.young_person_id = v_thread.young_person_id
        and t.part = 'stand_in' and t.cleared and not private.is_away(t.person_id)
    order by p.name, t.id limit 1;
    insert into private.hand_ons as h (thread_id, waiting_since, stand_in)
    values (p_thread, p_waiting_since, v_stand_in)
    on conflict (thread_id) do update
    set waiting_since = excluded.waiting_since, stand_in = excluded.stand_in, at = now()
    where h.waiting_since <> excluded.waiting_since;
    if not found then
        return 'handed_on_before';
    end if;
    perform private.tell_of_wait(v_thread, v_stand_in);
    perform private.record('message_handed_on', 'thread', p_thread, v_thread.organisation_id);
    return case when v_stand_in is null then 'to_coordinators' else 'to_stand_in' end;
end
$$;
comment on function public.machine_hand_on is
    'Tells the stand-in who is there, or else the coordinators, and the young person; once for a wait.';

create function private.forget_hand_on() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
    v_told uuid;
begin
    for v_told in
        delete from private.notices as n
        where n.ref = new.id and n.seen_at is null
            and n.kind in ('handed_on', 'handed_to_you', 'nobody_answers')
        returning n.person_id
    loop
        perform private.hint('person', v_told, array[v_told]);
    end loop;
    return null;
end
$$;
comment on function private.forget_hand_on is 'Nobody has to be told any more of a message that was answered.';
create trigger threads_forget_hand_ons after update of waiting_since on private.threads
    for each row when (old.waiting_since is not null and new.waiting_since is null)
    execute function private.forget_hand_on();

revoke execute on function
    private.is_away(uuid), public.machine_waiting(), private.tell_of_wait(private.threads, uuid),
    public.machine_hand_on(uuid, timestamptz), private.forget_hand_on()
    from public, anon, authenticated, service_role;
grant execute on function public.machine_waiting(), public.machine_hand_on(uuid, timestamptz)
    to authenticated;
