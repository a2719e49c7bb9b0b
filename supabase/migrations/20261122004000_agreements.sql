-- The contact agreement: how a young person and their key worker stay in touch.
set lock_timeout = '5s';

create function private.contact_ways() returns text[]
language sql immutable set search_path = '' as $$
    select array['chat', 'call', 'video', 'visit', 'meeting']
$$;

create function private.contact_places() returns text[]
language sql immutable set search_path = '' as $$
    select array['office', 'home', 'outside', 'cafe', 'school', 'online']
$$;

create table private.agreements (
    organisation_id uuid not null references public.organisations (id) on delete restrict,
    young_person_id uuid not null references public.people (id) on delete restrict,
    ways text[] not null
        check (ways <@ private.contact_ways() and cardinality(ways) between 1 and 5),
    every_days smallint not null check (every_days between 1 and 90),
    places text[] not null check (places <@ private.contact_places() and cardinality(places) <= 6),
    quiet_from time,
    quiet_to time,
    answer_days smallint not null check (answer_days between 1 and 10),
    written_by uuid not null references public.people (id) on delete restrict,
    written_at timestamptz not null default now(),
    version integer not null default 1 check (version > 0),
    updated_at timestamptz not null default now(),
    primary key (organisation_id, young_person_id),
    constraint quiet_hours_begin_and_end check (
        num_nulls(quiet_from, quiet_to) in (0, 2) and (quiet_from <> quiet_to) is not false
    )
);
comment on table private.agreements is
    'One for a young person in an organisation. every_days: we owe a contact that often, they owe none. '
    'quiet_from and quiet_to count in the time zone of the young person and may span midnight. '
    'answer_days: working days within which a message is answered.';
create index agreements_by_young_person on private.agreements (young_person_id);
create index agreements_by_writer on private.agreements (written_by);
create trigger agreements_count_versions before update on private.agreements
    for each row execute function private.touch();

alter table private.agreements enable row level security;
alter table private.agreements force row level security;
revoke all on private.agreements from public, anon, authenticated, service_role;

alter table private.notices drop constraint notices_kind_check;
alter table private.notices add constraint notices_kind_check check (kind in (
    'return_code_made', 'return_code_used', 'return_code_objected', 'page_opened', 'contact_added',
    'agreement_changed'
));

create function private.is_close(p_organisation uuid, p_young_person uuid) returns boolean
language sql stable set search_path = '' as $$
    select exists (
        select from private.current_teams as t
        where t.organisation_id = p_organisation and t.young_person_id = p_young_person
            and t.person_id = (select private.my_person())
            and t.part in ('key_worker', 'stand_in') and t.cleared
    )
$$;
comment on function private.is_close is 'Whether I am their key worker or stand-in there, and cleared.';

create function private.hint_agreement(p_organisation uuid, p_young_person uuid) returns void
language sql set search_path = '' as $$
    select private.hint('agreement', p_young_person, p_young_person || array(
        select t.person_id from private.current_teams as t
        where t.organisation_id = p_organisation and t.young_person_id = p_young_person
            and t.part in ('key_worker', 'stand_in') and t.cleared
    ))
$$;

create function private.checked_agreement(p_agreement jsonb) returns private.agreements
language plpgsql immutable set search_path = '' as $$
declare
    v_time constant text := '^([01][0-9]|2[0-3]):[0-5][0-9]$';
    v_row private.agreements;
begin
    if (jsonb_typeof(p_agreement) = 'object'
        and p_agreement ->> 'every_days' ~ '^[0-9]{1,2}$'
        and p_agreement ->> 'answer_days' ~ '^[0-9]{1,2}$'
        and (p_agreement ->> 'quiet_from' ~ v_time and p_agreement ->> 'quiet_to' ~ v_time
            or num_nulls(p_agreement ->> 'quiet_from', p_agreement ->> 'quiet_to') = 2)) is not true
    then
        perform private.refuse('PT422', 'agreement_not_valid');
    end if;
    v_row.ways := private.words_of(p_agreement -> 'ways');
    v_row.every_days := (p_agreement ->> 'every_days')::smallint;
    v_row.places := private.words_of(p_agreement -> 'places');
    v_row.quiet_from := (p_agreement ->> 'quiet_from')::time;
    v_row.quiet_to := (p_agreement ->> 'quiet_to')::time;
    v_row.answer_days := (p_agreement ->> 'answer_days')::smallint;
    if v_row.ways = '{}' or not v_row.ways <@ private.contact_ways()
        or not v_row.places <@ private.contact_places()
        or v_row.every_days not between 1 and 90 or v_row.answer_days not between 1 and 10
        or v_row.quiet_from = v_row.quiet_to
    then
        perform private.refuse('PT422', 'agreement_not_valid');
    end if;
    return v_row;
end
$$;

create function private.tell_of_agreement(p_organisation uuid, p_young_person uuid, p_me uuid)
returns void language plpgsql set search_path = '' as $$
declare
    v_key_worker uuid := (
        select t.person_id from private.current_teams as t
        where t.organisation_id = p_organisation and t.young_person_id = p_young_person
            and t.part = 'key_worker' and t.cleared
    );
    v_told uuid;
begin
    foreach v_told in array array_remove(
        array_remove(array[p_young_person, v_key_worker], p_me), null
    ) loop
        -- Several changes in a row are one thing to know.
        delete from private.notices as n
        where n.person_id = v_told and n.kind = 'agreement_changed' and n.ref = p_young_person
            and n.seen_at is null;
        perform private.tell(v_told, 'agreement_changed', p_young_person, p_me, case
            when p_young_person in (v_told, p_me) then '{}'
            else jsonb_build_object('about', p_young_person)
        end);
    end loop;
end
$$;
comment on function private.tell_of_agreement is
    'Tells the young person and the key worker, but for the one who changed it.';

create function public.set_agreement(
    p_organisation uuid, p_young_person uuid, p_agreement jsonb, p_version integer
) returns integer language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_seen private.agreements;
    v_new private.agreements;
    v_fields text[];
begin
    if v_me is distinct from p_young_person
        and not private.is_close(p_organisation, p_young_person)
    then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    perform private.hold_young_person(p_organisation, p_young_person);
    v_new := private.checked_agreement(p_agreement);
    select a.* into v_seen from private.agreements as a
    where a.organisation_id = p_organisation and a.young_person_id = p_young_person;
    if coalesce(v_seen.version, 0) is distinct from p_version then
        perform private.refuse('PT409', 'changed_meanwhile',
            jsonb_build_object('version', coalesce(v_seen.version, 0)));
    end if;
    v_fields := private.changed(to_jsonb(v_seen), jsonb_build_object(
        'ways', v_new.ways, 'every_days', v_new.every_days, 'places', v_new.places,
        'quiet_from', v_new.quiet_from, 'quiet_to', v_new.quiet_to, 'answer_days', v_new.answer_days
    ));
    if v_seen.version is not null and v_fields = '{}' then
        return v_seen.version;
    end if;
    insert into private.agreements
        (organisation_id, young_person_id, ways, every_days, places, quiet_from, quiet_to,
         answer_days, written_by)
    values (
        p_organisation, p_young_person, v_new.ways, v_new.every_days, v_new.places,
        v_new.quiet_from, v_new.quiet_to, v_new.answer_days, v_me
    )
    on conflict (organisation_id, young_person_id) do update
    set ways = excluded.ways, every_days = excluded.every_days, places = excluded.places,
        quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
        answer_days = excluded.answer_days, written_by = excluded.written_by, written_at = now();
    perform private.record('agreement_set', 'person', p_young_person, p_organisation, v_fields);
    perform private.tell_of_agreement(p_organisation, p_young_person, v_me);
    perform private.hint_agreement(p_organisation, p_young_person);
    return coalesce(v_seen.version, 0) + 1;
end
$$;
comment on function public.set_agreement is
    'By the young person, their key worker or stand-in; all of it at once, over the version that was '
    'seen (0: nothing is agreed yet). Young person and key worker are told of each other''s changes.';

revoke execute on function
    private.contact_ways(), private.contact_places(), private.is_close(uuid, uuid),
    private.hint_agreement(uuid, uuid), private.checked_agreement(jsonb),
    private.tell_of_agreement(uuid, uuid, uuid), public.set_agreement(uuid, uuid, jsonb, integer)
    from public, anon, authenticated, service_role;
grant execute on function public.set_agreement(uuid, uuid, jsonb, integer) to authenticated;
