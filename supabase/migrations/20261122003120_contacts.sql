-- Who else is there for a young person: guardian and trusted adults, without any access of their own.
set lock_timeout = '5s';

create table private.birth_years (
    organisation_id uuid not null references public.organisations (id) on delete restrict,
    young_person_id uuid not null references public.people (id) on delete restrict,
    year smallint not null check (year between 1950 and 2100),
    primary key (organisation_id, young_person_id)
);
comment on table private.birth_years is 'Only if the young person gave it; nobody else writes it.';
create index birth_years_by_young_person on private.birth_years (young_person_id);

create function private.contact_topics() returns text[]
language sql immutable set search_path = '' as $$
    select array['coming_here', 'where_i_live', 'dates'] || private.life_areas()
$$;
comment on function private.contact_topics is 'What a contact may know or must never be told.';

create function private.contact_papers() returns text[]
language sql immutable set search_path = '' as $$
    select array['plan', 'referral', 'data', 'trips', 'money']
$$;
comment on function private.contact_papers is 'What a contact may have to sign.';

create table private.contacts (
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references public.organisations (id) on delete restrict,
    young_person_id uuid not null references public.people (id) on delete restrict,
    kind text not null check (kind in ('guardian', 'trusted')),
    name private.name not null,
    phone text check (phone ~ '^[+]?[0-9][0-9 ()/.-]{2,29}$'),
    may_know text[] not null check (may_know <@ private.contact_topics()),
    must_sign text[] not null check (must_sign <@ private.contact_papers()),
    never_told text[] not null check (never_told <@ private.contact_topics()),
    added_by uuid not null references public.people (id) on delete restrict,
    created_at timestamptz not null default now(),
    version integer not null default 1 check (version > 0),
    updated_at timestamptz not null default now(),
    constraint nobody_may_know_what_they_are_never_told check (not may_know && never_told)
);
comment on table private.contacts is
    'For the eyes of the young person and their key worker. Who stands here signs in to nothing.';
create index contacts_by_organisation on private.contacts (organisation_id);
create index contacts_by_young_person on private.contacts (young_person_id);
create index contacts_by_adder on private.contacts (added_by);
create trigger contacts_count_versions before update on private.contacts
    for each row execute function private.touch();

alter table private.birth_years enable row level security;
alter table private.birth_years force row level security;
alter table private.contacts enable row level security;
alter table private.contacts force row level security;
revoke all on private.birth_years, private.contacts from public, anon, authenticated, service_role;

alter table private.notices drop constraint notices_kind_check;
alter table private.notices add constraint notices_kind_check check (kind in (
    'return_code_made', 'return_code_used', 'return_code_objected', 'page_opened', 'contact_added'
));

create function private.checked_contact(p_contact jsonb) returns private.contacts
language plpgsql immutable set search_path = '' as $$
declare
    v_row private.contacts;
begin
    if jsonb_typeof(p_contact) is distinct from 'object' then
        perform private.refuse('PT422', 'contact_not_valid');
    end if;
    v_row.name := private.checked_name(p_contact ->> 'name', 'name');
    v_row.kind := p_contact ->> 'kind';
    v_row.phone := nullif(private.trimmed(p_contact ->> 'phone'), '');
    v_row.may_know := private.words_of(p_contact -> 'may_know');
    v_row.must_sign := private.words_of(p_contact -> 'must_sign');
    v_row.never_told := private.words_of(p_contact -> 'never_told');
    if (v_row.kind in ('guardian', 'trusted')) is not true
        or v_row.phone !~ '^[+]?[0-9][0-9 ()/.-]{2,29}$'
        or not v_row.may_know <@ private.contact_topics()
        or not v_row.must_sign <@ private.contact_papers()
        or not v_row.never_told <@ private.contact_topics()
        or v_row.may_know && v_row.never_told
    then
        perform private.refuse('PT422', 'contact_not_valid');
    end if;
    return v_row;
end
$$;

create function private.words_of(p_list jsonb) returns text[]
language sql immutable set search_path = '' as $$
    select array(
        select distinct word from jsonb_array_elements_text(
            case when jsonb_typeof(p_list) = 'array' then p_list else '[]' end
        ) as word where word is not null order by word limit 40
    )
$$;

create function private.hint_contacts(p_organisation uuid, p_young_person uuid) returns void
language sql set search_path = '' as $$
    select private.hint('contacts', p_young_person, p_young_person || array(
        select t.person_id from private.current_teams as t
        where t.organisation_id = p_organisation and t.young_person_id = p_young_person
            and t.part in ('key_worker', 'stand_in') and t.cleared
    ))
$$;

revoke execute on function
    private.contact_topics(), private.contact_papers(), private.checked_contact(jsonb),
    private.words_of(jsonb), private.hint_contacts(uuid, uuid)
    from public, anon, authenticated, service_role;
