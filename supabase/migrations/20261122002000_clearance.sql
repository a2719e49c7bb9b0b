-- Who works with young people is trained and checked, and sees nothing of them before that.
set lock_timeout = '5s';

alter table public.memberships add column cleared_until date;
alter table public.memberships add constraint young_people_need_no_clearance
    check (role <> 'young_person' or cleared_until is null);
comment on column public.memberships.cleared_until is
    'Last day (UTC) of a valid training and background check. Null: not cleared.';

create or replace view private.current_memberships with (security_invoker = true) as
select
    m.id, m.organisation_id, m.person_id, m.role, m.since,
    m.role = 'young_person' or coalesce(m.cleared_until >= (now() at time zone 'utc')::date, false)
        as cleared
from public.memberships as m
where m.since <= now() and (m.until is null or m.until > now());

create function private.my_organisations_cleared_as(variadic p_roles text[]) returns setof uuid
language sql stable security definer rows 2 set search_path = '' as $$
    select mine.organisation_id
    from private.sign_ins as me
    join private.current_memberships as mine on mine.person_id = me.person_id
    where me.user_id = (select auth.uid()) and mine.role = any (p_roles) and mine.cleared
$$;

create function private.has_cleared_role(p_organisation uuid, variadic p_roles text[]) returns boolean
language sql stable set search_path = '' as $$
    select coalesce(
        p_organisation in (select private.my_organisations_cleared_as(variadic p_roles)), false
    )
$$;

create function private.require_cleared_role(p_organisation uuid, variadic p_roles text[]) returns void
language plpgsql stable set search_path = '' as $$
begin
    perform private.require_role(p_organisation, variadic p_roles);
    if not private.has_cleared_role(p_organisation, variadic p_roles) then
        perform private.refuse('PT403', 'not_cleared');
    end if;
end
$$;

alter policy "people can see their own memberships and those they coordinate" on public.memberships
    using (
        person_id = (select private.my_person())
        or role <> 'young_person'
            and organisation_id in (select private.my_organisations_as('coordinator', 'administrator'))
        or organisation_id in
            (select private.my_organisations_cleared_as('coordinator', 'administrator'))
    );

create function public.found_organisation() returns json
language plpgsql security definer set search_path = '' as $$
declare
    v_user uuid := private.require_user();
    -- App metadata can only be set with the secret key; a person cannot write it.
    v_wish jsonb := private.app_metadata(v_user) -> 'founds';
    v_organisation uuid;
    v_person uuid;
begin
    if jsonb_typeof(v_wish) is distinct from 'object' or private.my_machine_kind() is not null then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    if not exists (select from public.countries as c where c.code = v_wish ->> 'country') then
        perform private.refuse('PT422', 'country_not_valid');
    end if;
    insert into public.people (name, language, time_zone)
    values (
        private.checked_name(v_wish ->> 'person_name', 'person_name'),
        private.checked_language(v_wish ->> 'language'), private.checked_time_zone(v_wish ->> 'time_zone')
    )
    returning id into v_person;
    insert into private.sign_ins (user_id, person_id) values (v_user, v_person) on conflict do nothing;
    if not found then
        perform private.refuse('PT409', 'already_founded');
    end if;
    insert into public.organisations (name, town, country, time_zone)
    values (
        private.checked_name(v_wish ->> 'name', 'name'), private.checked_name(v_wish ->> 'town', 'town'),
        v_wish ->> 'country', v_wish ->> 'time_zone'
    )
    returning id into v_organisation;
    -- Who holds the secret key vouches for the first one, for a year.
    insert into public.memberships (organisation_id, person_id, role, cleared_until)
    select v_organisation, v_person, role, (now() at time zone 'utc')::date + 365
    from unnest(array['coordinator', 'administrator']) as role;
    perform private.record('organisation_founded', 'organisation', v_organisation, v_organisation);
    return json_build_object('organisation_id', v_organisation, 'person_id', v_person);
end
$$;
comment on function public.found_organisation is
    'Once for a sign-in whose app metadata has founds: {name, town, country, person_name, language, time_zone}.';

create function private.require_right_to_clear(p_organisation uuid) returns void
language plpgsql stable set search_path = '' as $$
begin
    perform private.require_role(p_organisation, 'coordinator');
    -- Where no coordinator is cleared any more they must be able to help themselves.
    if not private.has_cleared_role(p_organisation, 'coordinator') and exists (
        select from private.current_memberships as m
        where m.organisation_id = p_organisation and m.role = 'coordinator' and m.cleared
    ) then
        perform private.refuse('PT403', 'not_cleared');
    end if;
end
$$;

create function public.set_clearance(p_membership uuid, p_until date, p_version integer)
returns integer language plpgsql security definer set search_path = '' as $$
declare
    v_today date := (now() at time zone 'utc')::date;
    v_seen public.memberships;
begin
    perform private.require_person();
    select m.* into v_seen from public.memberships as m where m.id = p_membership for update;
    perform private.require_right_to_clear(v_seen.organisation_id);
    perform private.require_given(jsonb_build_object('version', p_version));
    if v_seen.role = 'young_person' then
        perform private.refuse('PT422', 'role_not_valid');
    end if;
    -- Nobody is the judge of themselves while another cleared coordinator could be.
    if p_until is not null and v_seen.person_id = private.my_person() and exists (
        select from private.current_memberships as m
        where m.organisation_id = v_seen.organisation_id and m.role = 'coordinator' and m.cleared
            and m.person_id <> v_seen.person_id
    ) then
        perform private.refuse('PT403', 'not_yourself');
    end if;
    if p_until not between v_today and v_today + 5 * 366 then
        perform private.refuse('PT422', 'date_not_valid', jsonb_build_object('field', 'until'));
    end if;
    if v_seen.until <= now() then
        perform private.refuse('PT409', 'already_ended');
    end if;
    if v_seen.version <> p_version then
        perform private.refuse('PT409', 'changed_meanwhile', jsonb_build_object('version', v_seen.version));
    end if;
    if v_seen.cleared_until is not distinct from p_until then
        return v_seen.version;
    end if;
    update public.memberships as m set cleared_until = p_until where m.id = p_membership;
    perform private.record(
        'clearance_set', 'membership', p_membership, v_seen.organisation_id, '{cleared_until}'
    );
    perform private.hint('access', p_membership, array[v_seen.person_id]);
    perform private.hint(
        'person', v_seen.person_id, array_remove(private.who_sees(v_seen.person_id), v_seen.person_id)
    );
    return v_seen.version + 1;
end
$$;
comment on function public.set_clearance is
    'Until which day (at most five years) somebody is trained and checked; null takes it away at once.';

revoke execute on function
    private.my_organisations_cleared_as(text[]), private.has_cleared_role(uuid, text[]),
    private.require_cleared_role(uuid, text[]), private.require_right_to_clear(uuid),
    public.found_organisation(), public.set_clearance(uuid, date, integer)
    from public, anon, authenticated, service_role;
grant execute on function
    private.my_organisations_cleared_as(text[]), public.found_organisation(),
    public.set_clearance(uuid, date, integer)
    to authenticated;
