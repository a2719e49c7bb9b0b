-- How people come in by a code.
set lock_timeout = '5s';

create table private.codes (
    id uuid primary key default gen_random_uuid(),
    digest bytea not null unique,
    person_id uuid not null references public.people (id) on delete cascade,
    made_by uuid references public.people (id) on delete set null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
);
comment on table private.codes is 'Single-use codes, as SHA-256: a reader of the table can use none.';
create index codes_by_person on private.codes (person_id);
create index codes_by_maker on private.codes (made_by);
create index codes_by_expiry on private.codes (expires_at);

alter table private.codes enable row level security;
alter table private.codes force row level security;
revoke all on private.codes from public, anon, authenticated, service_role;

create function private.new_code() returns text
language sql volatile set search_path = '' as $$
    -- 12 letters of Crockford's alphabet: 60 bits. A version-4 UUID has 122 random bits, and its
    -- hash spreads them evenly over every byte; 256 is a multiple of 32, so no letter is likelier.
    select regexp_replace(
        string_agg(
            substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', get_byte(random.bytes, i) % 32 + 1, 1), '' order by i
        ),
        '(.{4})(.{4})(.{4})', '\1-\2-\3'
    )
    from (
        select sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) as bytes
    ) as random, generate_series(0, 11) as i
$$;

create function private.code_digest(p_code text) returns bytea
language sql immutable set search_path = '' as $$
    select sha256(convert_to(
        translate(upper(regexp_replace(left(p_code, 64), '[^0-9A-Za-z]', '', 'g')), 'OIL', '011'), 'UTF8'
    ))
$$;
comment on function private.code_digest is 'As typed: any case, any dashes or spaces, O for 0, I and L for 1.';

create function private.require_right_to_add(p_organisation uuid, p_role text) returns void
language plpgsql stable set search_path = '' as $$
begin
    perform private.require_person();
    if (case
        when p_role = 'administrator' then private.has_role(p_organisation, 'administrator')
        when p_role = 'young_person' then
            private.has_role(p_organisation, 'key_worker', 'coordinator', 'administrator')
        else private.has_role(p_organisation, 'coordinator', 'administrator')
    end) is not true then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    if (p_role in ('young_person', 'key_worker', 'mentor', 'trainer', 'coordinator', 'professional',
        'safeguarding_lead', 'administrator')) is not true
    then
        perform private.refuse('PT422', 'role_not_valid');
    end if;
    if p_role = 'young_person' then
        perform private.require_cleared_role(
            p_organisation, 'key_worker', 'coordinator', 'administrator'
        );
    end if;
end
$$;

create function public.add_person(p_organisation uuid, p_name text, p_role text, p_language text)
returns json language plpgsql security definer set search_path = '' as $$
declare
    v_person uuid;
    v_membership uuid;
    v_code text;
begin
    perform private.require_right_to_add(p_organisation, p_role);
    insert into public.people (name, language, time_zone)
    select private.checked_name(p_name, 'name'), private.checked_language(p_language), o.time_zone
    from public.organisations as o where o.id = p_organisation
    returning id into v_person;
    insert into public.memberships (organisation_id, person_id, role)
    values (p_organisation, v_person, p_role) returning id into v_membership;
    v_code := private.add_code(v_person);
    perform private.record('person_added', 'person', v_person, p_organisation);
    if p_role = 'young_person' then
        if private.has_cleared_role(p_organisation, 'key_worker') then
            perform private.begin_part(p_organisation, v_person, private.my_person(), 'key_worker');
        end if;
        perform private.tell_team(p_organisation, v_person);
    end if;
    perform private.hint('person', v_person, private.who_sees(v_person));
    return json_build_object('person_id', v_person, 'membership_id', v_membership, 'code', v_code);
end
$$;
comment on function public.add_person is
    'A person without a sign-in, their membership, and a code (48 h, once) that is shown only now. '
    'A key worker who adds a young person is their key worker from then on.';

create function public.claim_person(p_code text) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
    v_user uuid := private.require_user();
    v_mine uuid := private.my_person();
    v_person uuid;
begin
    if private.my_machine_kind() is not null
        or coalesce((auth.jwt() ->> 'is_anonymous')::boolean, false)
    then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    select c.person_id into v_person from private.codes as c
    where c.digest = private.code_digest(p_code) and c.expires_at > now()
        and (c.used_at is null or c.person_id = v_mine)
        and exists (select from private.current_memberships as m where m.person_id = c.person_id);
    if v_mine is not null and v_mine = v_person then
        return v_person;  -- the form was sent again after a lost answer
    end if;
    if v_mine is not null then
        perform private.refuse('PT409', 'has_a_person');
    end if;
    -- One at a time for a person: else two forms with one code would both find nobody there.
    perform from public.people as p where p.id = v_person for update;
    if not found or exists (select from private.sign_ins as s where s.person_id = v_person) then
        perform private.refuse('PT422', 'code_not_valid');
    end if;
    insert into private.sign_ins (user_id, person_id) values (v_user, v_person) on conflict do nothing;
    if not found then
        perform private.refuse('PT409', 'has_a_person');
    end if;
    update private.codes as c set used_at = now() where c.person_id = v_person and c.used_at is null;
    perform private.record('person_claimed', 'person', v_person);
    perform private.hint('person', v_person, private.who_sees(v_person));
    return v_person;
end
$$;
comment on function public.claim_person is
    'Binds the caller''s sign-in to the person of a code. One answer for wrong, used and expired.';

revoke execute on function
    private.new_code(), private.code_digest(text), private.require_right_to_add(uuid, text),
    public.add_person(uuid, text, text, text), public.claim_person(text)
    from public, anon, authenticated, service_role;
grant execute on function
    public.add_person(uuid, text, text, text), public.claim_person(text)
    to authenticated;
