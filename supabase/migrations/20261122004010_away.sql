-- Who is away says a word to those who wait, and an organisation says on which days nobody works.
set lock_timeout = '5s';

alter table public.staff_cards
    add column away_words private.name,
    add column phone text check (phone ~ '^[+]?[0-9][0-9 ()/.-]{2,29}$');
comment on column public.staff_cards.phone is 'Of their work; for the people they work with.';
comment on column public.staff_cards.away_words is
    'What young people read while this person is away; null: nothing. It goes when they are back.';
alter table public.staff_cards add constraint words_are_for_being_away
    check (back_on is not null or away_words is null);

create table public.closed_days (
    organisation_id uuid not null references public.organisations (id) on delete restrict,
    day date not null,
    made_by uuid references public.people (id) on delete set null,
    primary key (organisation_id, day)
);
comment on table public.closed_days is 'Days on which nobody works there: no answer is due on them.';
create index closed_days_by_maker on public.closed_days (made_by);

alter table public.closed_days enable row level security;
alter table public.closed_days force row level security;
create policy "members can see when their organisation is closed" on public.closed_days
    for select to authenticated using (
        not (select private.second_factor_missing())
        and organisation_id in (select private.my_organisations())
    );
revoke all on public.closed_days from public, anon, authenticated, service_role;
grant select on public.closed_days to authenticated;

create function public.close_days(p_organisation uuid, p_first date, p_last date) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_person();
    v_today date := (now() at time zone 'utc')::date;
begin
    perform private.require_role(p_organisation, 'coordinator', 'administrator');
    if (p_first between v_today - 1 and v_today + 800 and p_last between p_first and p_first + 60)
        is not true
    then
        perform private.refuse('PT422', 'date_not_valid');
    end if;
    insert into public.closed_days (organisation_id, day, made_by)
    select p_organisation, d.day::date, v_me
    from generate_series(p_first::timestamp, p_last::timestamp, '1 day') as d (day)
    on conflict do nothing;
    if found then
        perform private.record('days_closed', 'organisation', p_organisation, p_organisation);
        perform private.hint_organisation(p_organisation, p_organisation);
    end if;
end
$$;
comment on function public.close_days is
    'From the first to the last of them, at most 61, by coordinators and administrators; harmless twice.';

create function public.open_days(p_organisation uuid, p_first date, p_last date) returns void
language plpgsql security definer set search_path = '' as $$
begin
    perform private.require_role(p_organisation, 'coordinator', 'administrator');
    delete from public.closed_days as d
    where d.organisation_id = p_organisation and d.day between p_first and p_last;
    if found then
        perform private.record('days_opened', 'organisation', p_organisation, p_organisation);
        perform private.hint_organisation(p_organisation, p_organisation);
    end if;
end
$$;
comment on function public.open_days is 'Takes closed days off again; harmless twice.';

create function public.set_my_card(
    p_pronouns text, p_office_hours jsonb, p_back_on date, p_away_words text, p_phone text,
    p_version integer
) returns integer language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_person();
    v_pronouns text;
    v_words text;
    v_phone text := nullif(private.trimmed(p_phone), '');
    v_today date;
    v_seen public.staff_cards;
begin
    if not exists (
        select from private.current_memberships as m
        where m.person_id = v_me and m.role <> 'young_person'
    ) then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    perform private.require_given(jsonb_build_object('version', p_version));
    v_pronouns := case
        when private.trimmed(p_pronouns) <> '' then private.checked_name(p_pronouns, 'pronouns')
    end;
    if char_length(v_pronouns) > 40 then
        perform private.refuse('PT422', 'name_not_valid',
            jsonb_build_object('field', 'pronouns', 'problem', 'too_long', 'longest', 40));
    end if;
    v_words := case
        when p_back_on is not null and private.trimmed(p_away_words) <> ''
        then private.checked_name(p_away_words, 'away_words')
    end;
    if v_phone !~ '^[+]?[0-9][0-9 ()/.-]{2,29}$' then
        perform private.refuse('PT422', 'not_valid', jsonb_build_object('field', 'phone'));
    end if;
    if (private.are_office_hours(p_office_hours)) is not true then
        perform private.refuse('PT422', 'office_hours_not_valid');
    end if;
    select (now() at time zone p.time_zone)::date into v_today from public.people as p
    where p.id = v_me for update;
    if p_back_on not between v_today and v_today + 2 * 366 then
        perform private.refuse('PT422', 'date_not_valid', jsonb_build_object('field', 'back_on'));
    end if;
    select c.* into v_seen from public.staff_cards as c where c.person_id = v_me;
    if coalesce(v_seen.version, 0) <> p_version then
        perform private.refuse('PT409', 'changed_meanwhile',
            jsonb_build_object('version', coalesce(v_seen.version, 0)));
    end if;
    insert into public.staff_cards (person_id, pronouns, office_hours, back_on, away_words, phone)
    values (v_me, v_pronouns, p_office_hours, p_back_on, v_words, v_phone)
    on conflict (person_id) do update
    set pronouns = excluded.pronouns, office_hours = excluded.office_hours,
        back_on = excluded.back_on, away_words = excluded.away_words,
        phone = excluded.phone;
    perform private.record('card_updated', 'person', v_me, p_fields => private.changed(
        to_jsonb(v_seen), jsonb_build_object(
            'pronouns', v_pronouns, 'office_hours', p_office_hours, 'back_on', p_back_on,
            'away_words', v_words, 'phone', v_phone
        )
    ));
    perform private.hint('person', v_me, private.who_sees(v_me));
    return p_version + 1;
end
$$;
comment on function public.set_my_card is
    'Staff say about themselves what the people they work with may know. Version 0: there was no card yet.';

create function private.team_as_json(p_young_person uuid, p_parts uuid[]) returns json
language sql stable set search_path = '' as $$
    select coalesce(json_agg(json_build_object(
        'id', t.id, 'person_id', t.person_id, 'name', p.name, 'part', t.part, 'since', t.since,
        'life_areas', t.life_areas, 'organisation_id', t.organisation_id,
        'title', case when t.part = 'key_worker' then o.key_worker_title end,
        'pronouns', c.pronouns, 'office_hours', coalesce(c.office_hours, '[]'),
        'time_zone', p.time_zone, 'photo', c.photo, 'phone', c.phone,
        'back_on', case when away.now then c.back_on end,
        'away_words', case when away.now then c.away_words end
    ) order by t.part <> 'key_worker', t.part <> 'stand_in', p.name, t.id), '[]')
    from private.current_teams as t
    join public.people as p on p.id = t.person_id
    join public.organisations as o on o.id = t.organisation_id
    left join public.staff_cards as c on c.person_id = t.person_id
    cross join lateral (
        select coalesce(c.back_on > (now() at time zone p.time_zone)::date, false) as now
    ) as away
    where t.young_person_id = p_young_person and t.id = any (p_parts) and t.cleared is not null
$$;

revoke execute on function
    private.team_as_json(uuid, uuid[]), public.close_days(uuid, date, date), public.open_days(uuid, date, date),
    public.set_my_card(text, jsonb, date, text, text, integer)
    from public, anon, authenticated, service_role;
grant execute on function
    public.close_days(uuid, date, date), public.open_days(uuid, date, date),
    public.set_my_card(text, jsonb, date, text, text, integer)
    to authenticated;
