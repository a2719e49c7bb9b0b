-- Calls, visits and meetings there were, and the page that shows them beside what was agreed.
set lock_timeout = '5s';

create table private.contacts_made (
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references public.organisations (id) on delete restrict,
    young_person_id uuid not null references public.people (id) on delete restrict,
    kind text not null check (kind in ('call', 'visit', 'meeting', 'other')),
    met boolean not null,
    at timestamptz not null,
    made_by uuid not null references public.people (id) on delete restrict,
    logged_at timestamptz not null default now()
);
comment on table private.contacts_made is
    'What we did. met false: we tried and did not reach them; it says nothing about them and is '
    'counted nowhere.';
create index contacts_made_by_young_person on private.contacts_made (young_person_id, at);
create index contacts_made_by_organisation on private.contacts_made (organisation_id);
create index contacts_made_by_maker on private.contacts_made (made_by);

alter table private.contacts_made enable row level security;
alter table private.contacts_made force row level security;
revoke all on private.contacts_made from public, anon, authenticated, service_role;

create function private.agreement_changes(p_organisation uuid, p_young_person uuid) returns json
language sql stable set search_path = '' as $$
    select coalesce(json_agg(json_build_object(
        'at', a.at, 'name', p.name, 'own', a.actor_person = p_young_person, 'fields', a.fields
    ) order by a.id desc), '[]')
    from (
        select r.* from private.audit as r
        where r.subject_id = p_young_person and r.organisation_id = p_organisation
            and r.action = 'agreement_set'
        order by r.id desc limit 5
    ) as a
    left join public.people as p on p.id = a.actor_person
$$;

create function private.contacts_made_with(p_organisation uuid, p_young_person uuid, p_me uuid)
returns json language sql stable set search_path = '' as $$
    select coalesce(json_agg(json_build_object(
        'id', c.id, 'kind', c.kind, 'met', c.met, 'at', c.at, 'name', p.name,
        'may_take_back', c.made_by = p_me and c.logged_at > now() - interval '24 hours'
    ) order by c.at desc, c.id), '[]')
    from (
        select m.* from private.contacts_made as m
        where m.organisation_id = p_organisation and m.young_person_id = p_young_person
        order by m.at desc, m.id limit 5
    ) as c
    join public.people as p on p.id = c.made_by
$$;

create function public.log_contact(
    p_organisation uuid, p_young_person uuid, p_kind text, p_met boolean, p_at timestamptz
) returns uuid language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_made uuid;
begin
    if not private.is_close(p_organisation, p_young_person) then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    perform private.hold_young_person(p_organisation, p_young_person);
    perform private.require_given(jsonb_build_object('met', p_met, 'at', p_at));
    if (p_kind in ('call', 'visit', 'meeting', 'other')) is not true then
        perform private.refuse('PT422', 'kind_not_valid');
    end if;
    if p_at not between now() - interval '60 days' and now() + interval '5 minutes' then
        perform private.refuse('PT422', 'date_not_valid', jsonb_build_object('field', 'at'));
    end if;
    insert into private.contacts_made (organisation_id, young_person_id, kind, met, at, made_by)
    values (p_organisation, p_young_person, p_kind, p_met, least(p_at, now()), v_me)
    returning id into v_made;
    perform private.record('contact_logged', 'contact_made', v_made, p_organisation);
    perform private.hint_agreement(p_organisation, p_young_person);
    return v_made;
end
$$;
comment on function public.log_contact is
    'By key worker or stand-in; at most 60 days back. The young person sees it too.';

create function public.take_back_contact(p_contact uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_seen private.contacts_made;
begin
    select c.* into v_seen from private.contacts_made as c
    where c.id = p_contact and c.made_by = v_me for update;
    if not found or not private.is_close(v_seen.organisation_id, v_seen.young_person_id) then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    if v_seen.logged_at <= now() - interval '24 hours' then
        perform private.refuse('PT409', 'too_late');
    end if;
    delete from private.contacts_made as c where c.id = p_contact;
    perform private.record('contact_taken_back', 'contact_made', p_contact, v_seen.organisation_id);
    perform private.hint_agreement(v_seen.organisation_id, v_seen.young_person_id);
end
$$;
comment on function public.take_back_contact is 'By who logged it, within 24 hours.';

revoke execute on function
    private.agreement_changes(uuid, uuid), private.contacts_made_with(uuid, uuid, uuid),
    public.log_contact(uuid, uuid, text, boolean, timestamptz),
    public.take_back_contact(uuid)
    from public, anon, authenticated, service_role;
grant execute on function
    public.log_contact(uuid, uuid, text, boolean, timestamptz),
    public.take_back_contact(uuid)
    to authenticated;
