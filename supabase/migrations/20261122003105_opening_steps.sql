-- Asking for an opening, agreeing to it, ending it, and telling the young person.
set lock_timeout = '5s';

create function private.hint_opening(p_opening uuid) returns void
language sql set search_path = '' as $$
    select private.hint('opening', o.id, array[o.asked_by, o.asked_of, o.agreed_by] || array(
        select m.person_id from private.current_memberships as m
        where m.organisation_id = o.organisation_id and m.role = 'safeguarding_lead' and m.cleared
    )) from private.openings as o where o.id = p_opening
$$;

create function private.tell_opening(p_opening uuid) returns void
language plpgsql set search_path = '' as $$
begin
    perform private.tell(
        o.young_person_id, 'page_opened', o.id, o.asked_by, jsonb_build_object('about', o.agreed_by)
    )
    from private.openings as o where o.id = p_opening;
    update private.openings as o set told_at = clock_timestamp() where o.id = p_opening;
end
$$;
comment on function private.tell_opening is
    'Tells the young person who opened their page; why stands in openings_of_me from then on.';

create function private.checked_delay(p_hours integer, p_reason text) returns text
language plpgsql immutable set search_path = '' as $$
begin
    if p_hours is null and p_reason is null then
        return null;
    end if;
    if (p_hours between 1 and 72) is not true then
        perform private.refuse('PT422', 'delay_not_valid', jsonb_build_object('longest', 72));
    end if;
    return private.checked_text(p_reason, 'delay_reason', 20, 1000);
end
$$;

create function public.ask_opening(
    p_organisation uuid, p_young_person uuid, p_of uuid, p_reason text,
    p_delay_hours integer, p_delay_reason text
) returns uuid language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_person();
    v_reason text;
    v_delay text;
    v_opening uuid;
begin
    perform private.require_cleared_role(p_organisation, 'coordinator', 'safeguarding_lead');
    if p_young_person = v_me then
        perform private.refuse('PT403', 'not_yourself');
    end if;
    perform private.hold_young_person(p_organisation, p_young_person);
    if p_of in (v_me, p_young_person) or private.may_protect(p_organisation, p_of) is not true then
        perform private.refuse('PT422', 'person_not_fitting');
    end if;
    v_reason := private.checked_text(p_reason, 'reason', 20, 1000);
    v_delay := private.checked_delay(p_delay_hours, p_delay_reason);
    -- What has lapsed or run out and was not swept up yet must not stand in the way.
    update private.openings as o set closed_at = clock_timestamp()
    where o.organisation_id = p_organisation and o.young_person_id = p_young_person
        and o.asked_by = v_me and o.closed_at is null
        and coalesce(o.ends_at, o.asked_at + interval '24 hours') <= clock_timestamp();
    insert into private.openings
        (organisation_id, young_person_id, asked_by, asked_of, reason, delay_hours, delay_reason)
    values (p_organisation, p_young_person, v_me, p_of, v_reason, p_delay_hours, v_delay)
    on conflict do nothing returning id into v_opening;
    if v_opening is null then
        perform private.refuse('PT409', 'already_there');
    end if;
    perform private.record('opening_asked', 'opening', v_opening, p_organisation);
    perform private.log_protection(p_organisation, p_young_person, 'opening_asked');
    perform private.hint_opening(v_opening);
    return v_opening;
end
$$;
comment on function public.ask_opening is
    'Asks somebody else who may protect here to agree. Nothing opens yet; after 24 hours it lapses. '
    'delay: hours (at most 72) by which the young person is told later, and why, for the record.';

create function private.opening_i_may_settle(p_opening uuid) returns private.openings
language plpgsql set search_path = '' as $$
declare
    v_me uuid := private.require_person();
    v_seen private.openings;
begin
    select o.* into v_seen from private.openings as o where o.id = p_opening for update;
    -- One answer for what is not mine to know and what does not exist.
    if (v_me in (v_seen.asked_by, v_seen.asked_of, v_seen.agreed_by)
        or private.has_cleared_role(v_seen.organisation_id, 'safeguarding_lead')) is not true
    then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    perform private.require_cleared_role(v_seen.organisation_id, 'coordinator', 'safeguarding_lead');
    if v_seen.closed_at is not null
        or coalesce(v_seen.ends_at, v_seen.asked_at + interval '24 hours') <= clock_timestamp()
    then
        perform private.refuse('PT409', 'already_ended');
    end if;
    return v_seen;
end
$$;

create function public.agree_opening(p_opening uuid) returns timestamptz
language plpgsql security definer set search_path = '' as $$
declare
    v_seen private.openings := private.opening_i_may_settle(p_opening);
    v_now timestamptz := clock_timestamp();
begin
    if private.my_person() in (v_seen.asked_by, v_seen.young_person_id) then
        perform private.refuse('PT403', 'not_yourself');
    end if;
    if v_seen.agreed_at is not null then
        perform private.refuse('PT409', 'already_there');
    end if;
    -- Whoever asked and may not open it any more has nobody left to open it with.
    if not private.may_protect(v_seen.organisation_id, v_seen.asked_by) then
        perform private.refuse('PT409', 'already_ended');
    end if;
    perform private.hold_young_person(v_seen.organisation_id, v_seen.young_person_id);
    update private.openings as o
    set agreed_by = private.my_person(), agreed_at = v_now, ends_at = v_now + interval '60 minutes'
    where o.id = p_opening;
    perform private.record('opening_agreed', 'opening', p_opening, v_seen.organisation_id);
    perform private.log_protection(v_seen.organisation_id, v_seen.young_person_id, 'opening');
    if v_seen.delay_hours is null then
        perform private.tell_opening(p_opening);
    end if;
    perform private.hint_opening(p_opening);
    return v_now + interval '60 minutes';
end
$$;
comment on function public.agree_opening is
    'By who was asked, or a safeguarding lead; never by who asked. From now on both may read, for 60 '
    'minutes, and the young person is told, at once or after the recorded delay. Returns its end.';

create function public.close_opening(p_opening uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_seen private.openings := private.opening_i_may_settle(p_opening);
begin
    if v_seen.agreed_at is not null
        and private.my_person() not in (v_seen.asked_by, v_seen.agreed_by)
    then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    update private.openings as o set closed_at = clock_timestamp(), closed_by = private.my_person()
    where o.id = p_opening;
    perform private.record('opening_closed', 'opening', p_opening, v_seen.organisation_id);
    perform private.hint_opening(p_opening);
end
$$;
comment on function public.close_opening is
    'Takes back or refuses what was asked; ends early what runs, for both.';

create function public.machine_openings() returns json
language plpgsql security definer set search_path = '' as $$
declare
    v_opening uuid;
    v_told integer := 0;
    v_closed integer := 0;
begin
    perform private.require_machine('jobs');
    for v_opening in
        select o.id from private.openings as o
        where o.told_at is null and o.agreed_at + o.delay_hours * interval '1 hour' <= now()
        order by o.agreed_at for update skip locked limit 100
    loop
        perform private.tell_opening(v_opening);
        v_told := v_told + 1;
    end loop;
    for v_opening in
        update private.openings as o set closed_at = clock_timestamp()
        where o.closed_at is null
            and coalesce(o.ends_at, o.asked_at + interval '24 hours') <= now()
        returning o.id
    loop
        perform private.hint_opening(v_opening);
        v_closed := v_closed + 1;
    end loop;
    return json_build_object('told', v_told, 'closed', v_closed);
end
$$;
comment on function public.machine_openings is
    'Tells the young people whose delay is over, and closes what lapsed or ran out (reads stop by themselves).';

revoke execute on function
    private.hint_opening(uuid), private.tell_opening(uuid), private.checked_delay(integer, text),
    public.ask_opening(uuid, uuid, uuid, text, integer, text), private.opening_i_may_settle(uuid),
    public.agree_opening(uuid), public.close_opening(uuid), public.machine_openings()
    from public, anon, authenticated, service_role;
grant execute on function
    public.ask_opening(uuid, uuid, uuid, text, integer, text), public.agree_opening(uuid),
    public.close_opening(uuid), public.machine_openings()
    to authenticated;
