-- What helps me: what a young person says about how things go well for them.
set lock_timeout = '5s';

create function private.log_reading(p_organisation uuid, p_young_person uuid, p_what text) returns void
language plpgsql set search_path = '' as $$
declare
    v_me uuid := private.require_person();
    v_membership uuid;
    v_role text;
    v_what text := p_what;
begin
    if v_me = p_young_person and exists (
        select from private.current_memberships as m
        where m.organisation_id = p_organisation and m.person_id = v_me and m.role = 'young_person'
    ) then
        -- Unlogged is only what they read themselves, not who got back in by a code and still waits.
        perform private.require_full();
        return;
    end if;
    select mine.id, mine.role into v_membership, v_role
    from private.current_teams as t
    join private.current_memberships as mine
        on mine.organisation_id = t.organisation_id and mine.person_id = t.person_id and mine.cleared
    join private.fitting_roles as f on f.role = mine.role and f.part = t.part
    where t.organisation_id = p_organisation and t.young_person_id = p_young_person
        and t.person_id = v_me and t.part in ('key_worker', 'stand_in')
    order by mine.role limit 1;
    if not found and p_what in ('needs', 'contacts') then
        v_what := 'opened_' || p_what;
        select o.membership_id, o.role into v_membership, v_role
        from private.ways_by_opening(p_young_person) as o where o.organisation_id = p_organisation;
    end if;
    if v_membership is null then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    perform private.log_access(p_organisation, v_membership, v_role, p_young_person, v_what);
end
$$;
comment on function private.log_reading is
    'Who may read the texts of a young person: they, their key worker and stand-in if cleared, and, '
    'what can be opened to protect them, the two people of a running opening. All but they are logged.';

create table private.needs (
    organisation_id uuid not null references public.organisations (id) on delete restrict,
    young_person_id uuid not null references public.people (id) on delete restrict,
    wishes jsonb not null check (jsonb_typeof(wishes) = 'object' and octet_length(wishes::text) <= 4000),
    travels text[] not null check (cardinality(travels) <= 12),
    written_by uuid not null references public.people (id) on delete restrict,
    written_at timestamptz not null default now(),
    version integer not null default 1 check (version > 0),
    updated_at timestamptz not null default now(),
    primary key (organisation_id, young_person_id)
);
comment on table private.needs is
    'One row for a young person in an organisation, so that one place never reads what another wrote. '
    'wishes: chosen code words by field. travels: the fields that go along with a referral.';
create index needs_by_young_person on private.needs (young_person_id);
create index needs_by_writer on private.needs (written_by);
create trigger needs_count_versions before update on private.needs
    for each row execute function private.touch();

alter table private.needs enable row level security;
alter table private.needs force row level security;
revoke all on private.needs from public, anon, authenticated, service_role;

create function private.need_choices() returns jsonb
language sql immutable set search_path = '' as $$
    select jsonb_build_object(
        'reads', array['reading', 'listening', 'easy_words', 'pictures'],
        'worker', array['woman', 'man', 'any'],
        'times', array['mornings', 'afternoons', 'evenings', 'weekends'],
        'caring', array['child', 'sibling', 'parent', 'somebody_else'],
        'caring_times', array['mornings', 'afternoons', 'evenings', 'nights', 'weekends'],
        'travel', array['no_ticket', 'far_away', 'not_alone', 'not_in_the_dark', 'step_free', 'by_phone'],
        'access', array[
            'wheelchair', 'seeing', 'hearing', 'sign_language', 'quiet_room', 'breaks',
            'one_thing', 'somebody_with_me'
        ],
        'screens', array['calm', 'large_text', 'read_aloud']
    )
$$;
comment on function private.need_choices is 'What can be chosen by field; languages, a further field, takes codes.';

create function private.checked_wishes(p_wishes jsonb) returns jsonb
language plpgsql immutable set search_path = '' as $$
declare
    v_field record;
    v_chosen jsonb := '{}';
begin
    if jsonb_typeof(p_wishes) is distinct from 'object' then
        perform private.refuse('PT422', 'wishes_not_valid');
    end if;
    for v_field in select w.key, w.value from jsonb_each(p_wishes) as w order by w.key loop
        if (jsonb_typeof(v_field.value) = 'array' and jsonb_array_length(v_field.value) <= 8
            and (v_field.key <> 'worker' or jsonb_array_length(v_field.value) <= 1)
            and (
                v_field.key = 'languages' and not exists (
                    select from jsonb_array_elements(v_field.value) as l
                    where (l #>> '{}' ~ '^[a-z]{2,3}([_-][A-Za-z0-9]{1,8}){0,2}$') is not true
                )
                or v_field.value <@ (private.need_choices() -> v_field.key)
            )) is not true
        then
            perform private.refuse('PT422', 'wishes_not_valid', jsonb_build_object('field', v_field.key));
        end if;
        if v_field.value <> '[]' then
            v_chosen := v_chosen || jsonb_build_object(v_field.key, v_field.value);
        end if;
    end loop;
    return v_chosen;
end
$$;

create function public.open_needs(p_organisation uuid, p_young_person uuid) returns json
language plpgsql security definer set search_path = '' as $$
begin
    perform private.log_reading(p_organisation, p_young_person, 'needs');
    return (
        select json_build_object(
            'wishes', coalesce(n.wishes, '{}'), 'travels', coalesce(n.travels, '{}'),
            'version', coalesce(n.version, 0), 'written_at', n.written_at,
            'written_by', writer.name, 'own_words', n.written_by = p_young_person
        )
        from (select) as always
        left join private.needs as n
            on n.organisation_id = p_organisation and n.young_person_id = p_young_person
        left join public.people as writer on writer.id = n.written_by
    );
end
$$;
comment on function public.open_needs is
    'What helps this young person; version 0 when nothing was said yet. Other readers than they are logged.';

create function public.set_needs(
    p_organisation uuid, p_young_person uuid, p_wishes jsonb, p_travels text[], p_version integer
) returns integer language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_wishes jsonb;
    v_travels text[];
    v_version integer;
begin
    if v_me is distinct from p_young_person
        and not private.is_my_charge(p_organisation, p_young_person)
    then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    perform private.hold_young_person(p_organisation, p_young_person);
    v_wishes := private.checked_wishes(p_wishes);
    -- Nothing travels that was not said.
    v_travels := array(
        select distinct field from unnest(p_travels) as field where v_wishes ? field order by field
    );
    select n.version into v_version from private.needs as n
    where n.organisation_id = p_organisation and n.young_person_id = p_young_person;
    v_version := coalesce(v_version, 0);
    if v_version is distinct from p_version then
        perform private.refuse('PT409', 'changed_meanwhile', jsonb_build_object('version', v_version));
    end if;
    insert into private.needs as n
        (organisation_id, young_person_id, wishes, travels, written_by)
    values (p_organisation, p_young_person, v_wishes, v_travels, v_me)
    on conflict (organisation_id, young_person_id) do update
    set wishes = excluded.wishes, travels = excluded.travels, written_by = excluded.written_by,
        written_at = now();
    perform private.record('needs_set', 'person', p_young_person, p_organisation, '{wishes,travels}');
    perform private.hint('needs', p_young_person, p_young_person || array(
        select t.person_id from private.current_teams as t
        where t.organisation_id = p_organisation and t.young_person_id = p_young_person
            and t.part in ('key_worker', 'stand_in') and t.cleared
    ));
    return v_version + 1;
end
$$;
comment on function public.set_needs is
    'By the young person, or their key worker; all of it at once, over the version that was seen.';

revoke execute on function
    private.log_reading(uuid, uuid, text), private.need_choices(), private.checked_wishes(jsonb),
    public.open_needs(uuid, uuid), public.set_needs(uuid, uuid, jsonb, text[], integer)
    from public, anon, authenticated, service_role;
grant execute on function
    public.open_needs(uuid, uuid), public.set_needs(uuid, uuid, jsonb, text[], integer)
    to authenticated;
