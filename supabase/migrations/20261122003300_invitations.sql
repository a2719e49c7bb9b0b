-- Staff come in by mail. Auth writes it and proves the address; what the link may become is a code
-- like a young person's, which only a coordinator's call makes and only claim_person uses up.
set lock_timeout = '5s';

create table private.invitations (
    person_id uuid primary key references public.people (id) on delete cascade,
    email text not null check (char_length(email) between 3 and 254 and email = lower(email)),
    made_by uuid references public.people (id) on delete set null,
    made_at timestamptz not null default now()
);
comment on table private.invitations is
    'Where we wrote to, for people who have not come in yet. Gone as soon as they have, or are not expected any more.';
create index invitations_by_email on private.invitations (email);
create index invitations_by_maker on private.invitations (made_by);

alter table private.invitations enable row level security;
alter table private.invitations force row level security;
revoke all on private.invitations from public, anon, authenticated, service_role;

create function private.checked_email(p_email text) returns text
language plpgsql immutable set search_path = '' as $$
declare
    v_email text := lower(private.trimmed(p_email));
begin
    if (char_length(v_email) <= 254 and v_email ~
        '^[a-z0-9.!#$%&''*+/=?^_`{|}~-]+@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'
    ) is not true then
        perform private.refuse('PT422', 'email_not_valid');
    end if;
    return v_email;
end
$$;

create function private.forget_invitation() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    delete from private.invitations as i where i.person_id = new.person_id
        and (tg_table_name = 'sign_ins' or not exists (
            select from public.memberships as m
            where m.person_id = new.person_id and private.is_current(m.since, m.until)
        ));
    return null;
end
$$;

create trigger sign_ins_end_invitations after insert on private.sign_ins
    for each row execute function private.forget_invitation();
create trigger memberships_end_with_their_invitations after update of until on public.memberships
    for each row when (new.until is distinct from old.until)
    execute function private.forget_invitation();

create function private.stray_sign_in(p_email text) returns uuid
language sql stable set search_path = '' as $$
    select u.id from auth.users as u
    where u.email = p_email and not u.is_sso_user and u.invited_at is not null
        and not coalesce(u.raw_app_meta_data ?| array['founds', 'machine'], false)
        and not exists (select from private.sign_ins as s where s.user_id = u.id)
$$;
comment on function private.stray_sign_in is
    'The sign-in of somebody whose coming in broke off half-way: it belongs to nobody.';

create function private.send_off(p_organisation uuid, p_person uuid, p_code text, p_email text)
returns json language plpgsql set search_path = '' as $$
begin
    insert into private.invitations as i (person_id, email, made_by)
    values (p_person, p_email, private.my_person())
    on conflict (person_id) do update
    set email = excluded.email, made_by = excluded.made_by, made_at = now();
    perform private.record('person_invited', 'person', p_person, p_organisation);
    return json_build_object(
        'person_id', p_person, 'code', p_code, 'email', p_email,
        'stray', private.stray_sign_in(p_email)
    );
end
$$;

create function public.invite_staff(
    p_organisation uuid, p_name text, p_role text, p_language text, p_email text
) returns json language plpgsql security definer set search_path = '' as $$
declare
    v_email text;
    v_added json;
begin
    perform private.require_right_to_add(p_organisation, p_role);
    if p_role = 'young_person' then
        perform private.refuse('PT422', 'role_not_valid');
    end if;
    v_email := private.checked_email(p_email);
    -- One at a time in an organisation: else two taps on one button would invite twice.
    perform from public.organisations as o where o.id = p_organisation for no key update;
    if exists (
        select from private.invitations as i
        join private.current_memberships as m on m.person_id = i.person_id
        where i.email = v_email and m.organisation_id = p_organisation
    ) then
        perform private.refuse('PT409', 'already_invited');
    end if;
    v_added := public.add_person(p_organisation, p_name, p_role, p_language);
    return private.send_off(
        p_organisation, (v_added ->> 'person_id')::uuid, v_added ->> 'code', v_email
    );
end
$$;
comment on function public.invite_staff is
    'add_person for staff, with where to write to. The caller has the mail sent; the code belongs into its link.';

create function private.place_of_staff(p_person uuid) returns uuid
language plpgsql stable set search_path = '' as $$
declare
    v_place uuid;
begin
    perform private.require_person();
    select m.organisation_id into v_place from private.current_memberships as m
    where m.person_id = p_person and m.role <> 'young_person'
        and private.has_role(m.organisation_id, 'coordinator', 'administrator')
    order by m.since limit 1;
    -- Whoever may not bring in an administrator may not choose where their mail goes either.
    if v_place is null or exists (
        select from private.current_memberships as m
        where m.person_id = p_person and m.role = 'administrator'
            and not private.has_role(m.organisation_id, 'administrator')
    ) then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    return v_place;
end
$$;

create function public.invite_again(p_person uuid, p_email text) returns json
language plpgsql security definer set search_path = '' as $$
declare
    v_place uuid := private.place_of_staff(p_person);
    v_email text := private.checked_email(coalesce(p_email, (
        select i.email from private.invitations as i where i.person_id = p_person
    )));
begin
    perform from public.people as p where p.id = p_person for update;
    if exists (select from private.sign_ins as s where s.person_id = p_person) then
        perform private.refuse('PT409', 'already_joined');
    end if;
    delete from private.codes as c where c.person_id = p_person;
    perform private.hint('person', p_person, private.who_sees(p_person));
    return private.send_off(v_place, p_person, private.add_code(p_person), v_email);
end
$$;
comment on function public.invite_again is
    'For staff who have not come in yet; email null: the address as before. Earlier links stop working.';

create function public.invitation_page(p_code text) returns json
language sql stable security definer set search_path = '' as $$
    select json_build_object(
        'organisation', o.name, 'town', o.town, 'role', m.role, 'name', p.name,
        'language', p.language, 'email', i.email, 'inviter', maker.name
    )
    from private.codes as c
    join private.invitations as i on i.person_id = c.person_id
    join public.people as p on p.id = c.person_id
    join private.current_memberships as m on m.person_id = p.id and m.role <> 'young_person'
    join public.organisations as o on o.id = m.organisation_id
    left join public.people as maker on maker.id = c.made_by
    where c.digest = private.code_digest(p_code) and c.used_at is null and c.expires_at > now()
    order by m.since, m.id limit 1
$$;
comment on function public.invitation_page is
    'Who invites and as what, by a code that still works; null for wrong, used and expired alike. Uses nothing up.';

-- A colleague's code stands for a place at work: the page for young people does not know it.
create function public.join_page(p_code text) returns json
language sql stable security definer set search_path = '' as $$
    select json_build_object('organisation', o.name, 'town', o.town, 'language', p.language)
    from private.codes as c
    join public.people as p on p.id = c.person_id
    join private.current_memberships as m on m.person_id = p.id
    join public.organisations as o on o.id = m.organisation_id
    where c.digest = private.code_digest(p_code) and c.used_at is null and c.expires_at > now()
        and not exists (select from private.sign_ins as s where s.person_id = p.id)
        and not exists (select from private.invitations as i where i.person_id = p.id)
    order by m.since desc, m.id limit 1
$$;
comment on function public.join_page is
    'For nobody in particular, by a code that still works; null for wrong, used and expired alike. Uses nothing up.';

revoke execute on function
    private.checked_email(text), private.forget_invitation(), private.stray_sign_in(text),
    private.send_off(uuid, uuid, text, text), private.place_of_staff(uuid),
    public.invite_staff(uuid, text, text, text, text), public.invite_again(uuid, text),
    public.invitation_page(text), public.join_page(text)
    from public, anon, authenticated, service_role;
grant execute on function public.invitation_page(text), public.join_page(text)
    to anon, authenticated;
grant execute on function
    public.invite_staff(uuid, text, text, text, text), public.invite_again(uuid, text)
    to authenticated;
