-- Getting back in: a code from the key worker gives a young person a second sign-in, and they are
-- told at once, wherever they are still signed in.
set lock_timeout = '5s';

create table private.returns (
    id uuid primary key default gen_random_uuid(),
    digest bytea not null unique,
    person_id uuid not null references public.people (id) on delete cascade,
    organisation_id uuid not null references public.organisations (id) on delete cascade,
    made_by uuid references public.people (id) on delete set null,
    reason text not null check (reason in ('new_phone', 'forgot_way_in', 'phone_lost', 'other')),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null check (expires_at > created_at),
    used_at timestamptz,
    -- The sign-in that came from it.
    user_id uuid unique references auth.users (id) on delete set null,
    stopped_at timestamptz,
    objected_at timestamptz,
    -- When a coordinator let new codes be made in spite of the objection.
    allowed_at timestamptz
);
comment on table private.returns is
    'Single-use codes to get back in with, as SHA-256, and what became of each.';
create index returns_by_person on private.returns (person_id, created_at);
create index returns_by_organisation on private.returns (organisation_id);
create index returns_by_maker on private.returns (made_by);

alter table private.returns enable row level security;
alter table private.returns force row level security;
revoke all on private.returns from public, anon, authenticated, service_role;

create function private.works_somewhere(p_person uuid) returns boolean
language sql stable set search_path = '' as $$
    select exists (
        select from private.current_memberships as m
        where m.person_id = p_person and m.role <> 'young_person'
    )
$$;
comment on function private.works_somewhere is
    'Whoever is on somebody''s staff: a code of their key worker must not open what they see at work.';

create function private.return_works(p_return private.returns) returns boolean
language sql stable set search_path = '' as $$
    select p_return.used_at is null and p_return.stopped_at is null and p_return.expires_at > now()
        and not private.works_somewhere(p_return.person_id)
        and exists (
            select from private.current_teams as t
            where t.organisation_id = p_return.organisation_id
                and t.young_person_id = p_return.person_id
                and t.person_id = p_return.made_by and t.part = 'key_worker' and t.cleared
        )
$$;
comment on function private.return_works is
    'Unused, in time, not stopped, for nobody''s staff, and whoever made it is still their key worker.';

create function public.back_page(p_code text) returns json
language sql stable security definer set search_path = '' as $$
    select json_build_object('organisation', o.name, 'town', o.town, 'language', p.language)
    from private.returns as r
    join public.organisations as o on o.id = r.organisation_id
    join public.people as p on p.id = r.person_id
    where r.digest = private.code_digest(p_code) and private.return_works(r)
$$;
comment on function public.back_page is
    'For nobody in particular, by a code to get back in that still works; null for any other. Uses nothing up.';

create function private.require_return_allowed(p_person uuid) returns void
language plpgsql stable set search_path = '' as $$
begin
    if not exists (select from private.sign_ins as s where s.person_id = p_person) and not exists (
        select from private.codes as c where c.person_id = p_person and c.used_at is not null
    ) then
        perform private.refuse('PT409', 'not_joined');
    end if;
    if private.works_somewhere(p_person) then
        perform private.refuse('PT409', 'works_somewhere');
    end if;
    if exists (
        select from private.returns as r
        where r.person_id = p_person and r.objected_at > now() - interval '72 hours'
            and r.allowed_at is null
    ) then
        perform private.refuse('PT409', 'objected');
    end if;
    if (
        select count(*) from private.returns as r
        where r.person_id = p_person and r.created_at > now() - interval '24 hours'
    ) >= 5 then
        perform private.refuse('PT409', 'too_many_codes');
    end if;
end
$$;

create function private.forget_made(p_person uuid) returns void
language sql set search_path = '' as $$
    delete from private.notices as n
    where n.person_id = p_person and n.kind = 'return_code_made' and n.seen_at is null
$$;
comment on function private.forget_made is
    'One card at a time: what happens next with a code says more, and objecting to it stops every open one.';

create function public.new_return_code(p_person uuid, p_reason text) returns json
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_code text := private.new_code();
    v_organisation uuid;
    v_return uuid;
begin
    select m.organisation_id into v_organisation from private.current_memberships as m
    where m.person_id = p_person and m.role = 'young_person'
        and private.is_my_charge(m.organisation_id, p_person)
    order by m.since limit 1;
    if not found then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    if (p_reason in ('new_phone', 'forgot_way_in', 'phone_lost', 'other')) is not true then
        perform private.refuse('PT422', 'reason_not_valid');
    end if;
    -- One code at a time: else two made at once would not stop each other.
    perform from public.people as p where p.id = p_person for no key update;
    perform private.require_return_allowed(p_person);
    update private.returns as r set stopped_at = now()
    where r.person_id = p_person and r.used_at is null and r.stopped_at is null;
    perform private.forget_made(p_person);
    insert into private.returns (digest, person_id, organisation_id, made_by, reason, expires_at)
    values (
        private.code_digest(v_code), p_person, v_organisation, v_me, p_reason, now() + interval '48 hours'
    )
    returning id into v_return;
    perform private.record(
        'return_code_made', 'person', p_person, v_organisation, p_reason => p_reason
    );
    perform private.tell(
        p_person, 'return_code_made', v_return, v_me, jsonb_build_object('reason', p_reason)
    );
    return json_build_object('person_id', p_person, 'code', v_code);
end
$$;
comment on function public.new_return_code is
    'For a young person who joined before, by their key worker; the young person is told at once. 48 h, once, '
    'at most five a day; earlier ones stop. Not for who is staff somewhere. Refused for 72 h after an objection, until a coordinator allows it.';

create function public.claim_return(p_code text) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
    v_user uuid := private.require_user();
    v_return private.returns;
begin
    if private.my_machine_kind() is not null
        or coalesce((auth.jwt() ->> 'is_anonymous')::boolean, false)
    then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    select r.* into v_return from private.returns as r
    where r.digest = private.code_digest(p_code) for update;
    if v_return.user_id = v_user and v_return.person_id = private.my_person() then
        return v_return.person_id;  -- the form was sent again after a lost answer
    end if;
    if private.my_person() is not null then
        perform private.refuse('PT409', 'has_a_person');
    end if;
    if v_return.id is null or not private.return_works(v_return) then
        perform private.refuse('PT422', 'code_not_valid');
    end if;
    insert into private.sign_ins (user_id, person_id, full_from)
    values (v_user, v_return.person_id, now() + interval '72 hours');
    update private.returns as r set used_at = now(), user_id = v_user where r.id = v_return.id;
    perform private.record('return_code_used', 'person', v_return.person_id, v_return.organisation_id);
    perform private.forget_made(v_return.person_id);
    perform private.tell(
        v_return.person_id, 'return_code_used', v_return.id, v_return.made_by,
        jsonb_build_object('reason', v_return.reason)
    );
    return v_return.person_id;
end
$$;
comment on function public.claim_return is
    'A second sign-in of the person of the code, full after 72 h. One answer for wrong, used and expired.';

revoke execute on function
    private.works_somewhere(uuid), private.return_works(private.returns), private.forget_made(uuid), private.require_return_allowed(uuid),
    public.back_page(text), public.new_return_code(uuid, text), public.claim_return(text)
    from public, anon, authenticated, service_role;
grant execute on function public.back_page(text) to anon, authenticated;
grant execute on function public.new_return_code(uuid, text), public.claim_return(text) to authenticated;
