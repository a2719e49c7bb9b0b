-- Reading and changing the list of who else is there.
set lock_timeout = '5s';

create function public.open_contacts(p_organisation uuid, p_young_person uuid) returns json
language plpgsql security definer set search_path = '' as $$
begin
    perform private.log_reading(p_organisation, p_young_person, 'contacts');
    return json_build_object(
        'birth_year', (
            select b.year from private.birth_years as b
            where b.organisation_id = p_organisation and b.young_person_id = p_young_person
        ),
        'contacts', (
            select coalesce(json_agg(json_build_object(
                'id', c.id, 'kind', c.kind, 'name', c.name, 'phone', c.phone, 'may_know', c.may_know,
                'must_sign', c.must_sign, 'never_told', c.never_told, 'version', c.version,
                'added_by', adder.name, 'own_words', c.added_by = p_young_person
            ) order by c.kind, c.created_at, c.id), '[]')
            from private.contacts as c join public.people as adder on adder.id = c.added_by
            where c.organisation_id = p_organisation and c.young_person_id = p_young_person
        )
    );
end
$$;
comment on function public.open_contacts is
    'Guardian first, then trusted adults; and the birth year, if it was given. Other readers than the '
    'young person are logged.';

create function public.add_contact(p_organisation uuid, p_young_person uuid, p_contact jsonb)
returns uuid language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_new private.contacts;
begin
    if v_me is distinct from p_young_person and not exists (
        select from private.current_teams as t
        where t.organisation_id = p_organisation and t.young_person_id = p_young_person
            and t.person_id = v_me and t.part in ('key_worker', 'stand_in') and t.cleared
    ) then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    perform private.hold_young_person(p_organisation, p_young_person);
    v_new := private.checked_contact(p_contact);
    if (
        select count(*) from private.contacts as c
        where c.organisation_id = p_organisation and c.young_person_id = p_young_person
    ) >= 20 then
        perform private.refuse('PT422', 'too_many', jsonb_build_object('most', 20));
    end if;
    insert into private.contacts
        (organisation_id, young_person_id, kind, name, phone, may_know, must_sign, never_told, added_by)
    values (
        p_organisation, p_young_person, v_new.kind, v_new.name, v_new.phone, v_new.may_know,
        v_new.must_sign, v_new.never_told, v_me
    )
    returning id into v_new.id;
    perform private.record('contact_added', 'contact', v_new.id, p_organisation);
    if v_me <> p_young_person then
        perform private.tell(p_young_person, 'contact_added', v_new.id, v_me);
    end if;
    perform private.hint_contacts(p_organisation, p_young_person);
    return v_new.id;
end
$$;
comment on function public.add_contact is
    'By the young person; or by their key worker or stand-in, and then they are told.';

create function private.my_contact(p_contact uuid, p_version integer) returns private.contacts
language plpgsql set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_seen private.contacts;
begin
    select c.* into v_seen from private.contacts as c
    where c.id = p_contact and c.young_person_id = v_me for update;
    -- One answer for somebody else's and for what is not there.
    if not found then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    perform private.hold_young_person(v_seen.organisation_id, v_me);
    if v_seen.version is distinct from p_version then
        perform private.refuse('PT409', 'changed_meanwhile', jsonb_build_object('version', v_seen.version));
    end if;
    return v_seen;
end
$$;

create function public.change_contact(p_contact uuid, p_row jsonb, p_version integer) returns integer
language plpgsql security definer set search_path = '' as $$
declare
    v_seen private.contacts := private.my_contact(p_contact, p_version);
    v_new private.contacts := private.checked_contact(p_row);
begin
    update private.contacts as c
    set kind = v_new.kind, name = v_new.name, phone = v_new.phone, may_know = v_new.may_know,
        must_sign = v_new.must_sign, never_told = v_new.never_told
    where c.id = p_contact;
    perform private.record('contact_changed', 'contact', p_contact, v_seen.organisation_id);
    perform private.hint_contacts(v_seen.organisation_id, v_seen.young_person_id);
    return v_seen.version + 1;
end
$$;
comment on function public.change_contact is 'By the young person alone, over the version they saw.';

create function public.remove_contact(p_contact uuid, p_version integer) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_seen private.contacts := private.my_contact(p_contact, p_version);
begin
    delete from private.contacts as c where c.id = p_contact;
    perform private.record('contact_removed', 'contact', p_contact, v_seen.organisation_id);
    perform private.hint_contacts(v_seen.organisation_id, v_seen.young_person_id);
end
$$;
comment on function public.remove_contact is 'By the young person alone.';

create function public.set_birth_year(p_organisation uuid, p_year integer) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_now integer := extract(year from now());
begin
    -- Only theirs to give: there is no argument for anybody else.
    if not private.has_role(p_organisation, 'young_person') then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    if p_year not between v_now - 60 and v_now - 8 then
        perform private.refuse('PT422', 'year_not_valid');
    end if;
    if p_year is null then
        delete from private.birth_years as b
        where b.organisation_id = p_organisation and b.young_person_id = v_me;
    else
        insert into private.birth_years (organisation_id, young_person_id, year)
        values (p_organisation, v_me, p_year)
        on conflict (organisation_id, young_person_id) do update set year = excluded.year;
    end if;
    perform private.record('birth_year_set', 'person', v_me, p_organisation, '{birth_year}');
    perform private.hint_contacts(p_organisation, v_me);
end
$$;
comment on function public.set_birth_year is 'My own, or null to take it back.';

revoke execute on function
    public.open_contacts(uuid, uuid), public.add_contact(uuid, uuid, jsonb),
    private.my_contact(uuid, integer), public.change_contact(uuid, jsonb, integer),
    public.remove_contact(uuid, integer), public.set_birth_year(uuid, integer)
    from public, anon, authenticated, service_role;
grant execute on function
    public.open_contacts(uuid, uuid), public.add_contact(uuid, uuid, jsonb),
    public.change_contact(uuid, jsonb, integer), public.remove_contact(uuid, integer),
    public.set_birth_year(uuid, integer)
    to authenticated;
