-- What a young person has said yes to, by purpose, and every yes and no before it.
set lock_timeout = '5s';

create table public.consents (
    id bigint generated always as identity primary key,
    organisation_id uuid not null references public.organisations (id) on delete restrict,
    young_person_id uuid not null references public.people (id) on delete restrict,
    purpose text not null check (purpose in ('contact', 'share', 'measures', 'photos', 'research', 'ai')),
    given boolean not null,
    at timestamptz not null default clock_timestamp()
);
comment on table public.consents is
    'Append-only: the last row of a purpose counts, and without one it is no. Always by the young person '
    'themselves, so no row names who.';
create index consents_by_young_person on public.consents (young_person_id, organisation_id, purpose, id);
create index consents_by_organisation on public.consents (organisation_id);

create trigger consents_never_change before update or delete on public.consents
    for each statement execute function private.refuse_change_of_audit();
create trigger consents_are_never_emptied before truncate on public.consents
    for each statement execute function private.refuse_change_of_audit();
alter table public.consents enable always trigger consents_never_change;
alter table public.consents enable always trigger consents_are_never_emptied;

alter table public.consents enable row level security;
alter table public.consents force row level security;
create policy "young people can see what they said yes and no to" on public.consents
    for select to authenticated using (
        young_person_id = (select private.my_person()) and (select private.is_full())
    );
revoke all on public.consents from public, anon, authenticated, service_role;
revoke all on sequence public.consents_id_seq from public, anon, authenticated, service_role;
grant select on public.consents to authenticated;

create function private.agrees(p_organisation uuid, p_young_person uuid, p_purpose text) returns boolean
language sql stable set search_path = '' as $$
    select coalesce((
        select c.given from public.consents as c
        where c.organisation_id = p_organisation and c.young_person_id = p_young_person
            and c.purpose = p_purpose
        order by c.id desc limit 1
    ), false)
$$;
comment on function private.agrees is 'Whether their last word on this purpose was yes.';

create function public.set_consent(p_organisation uuid, p_purpose text, p_given boolean) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
begin
    if not private.has_role(p_organisation, 'young_person') then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    perform private.require_given(jsonb_build_object('given', p_given));
    if (p_purpose in ('contact', 'share', 'measures', 'photos', 'research', 'ai')) is not true then
        perform private.refuse('PT422', 'purpose_not_valid');
    end if;
    perform private.hold_young_person(p_organisation, v_me);
    if private.agrees(p_organisation, v_me, p_purpose) = p_given then
        return;
    end if;
    insert into public.consents (organisation_id, young_person_id, purpose, given)
    values (p_organisation, v_me, p_purpose, p_given);
    perform private.record('consent_set', 'person', v_me, p_organisation, array[p_purpose]);
    perform private.hint('consents', v_me, v_me || array(
        select t.person_id from private.current_teams as t
        where t.organisation_id = p_organisation and t.young_person_id = v_me
            and t.part in ('key_worker', 'stand_in') and t.cleared
    ));
end
$$;
comment on function public.set_consent is
    'My own yes or no. Saying the same again leaves no trace; not for who just got back in by a code.';

create function public.open_consents(p_organisation uuid, p_young_person uuid) returns json
language plpgsql security definer set search_path = '' as $$
begin
    perform private.log_reading(p_organisation, p_young_person, 'consents');
    return (
        select coalesce(json_agg(json_build_object(
            'purpose', c.purpose, 'given', c.given, 'at', c.at
        ) order by c.id), '[]')
        from public.consents as c
        where c.organisation_id = p_organisation and c.young_person_id = p_young_person
    );
end
$$;
comment on function public.open_consents is
    'The whole history, the last of each purpose counting. Other readers than the young person are logged.';

revoke execute on function
    private.agrees(uuid, uuid, text), public.set_consent(uuid, text, boolean),
    public.open_consents(uuid, uuid)
    from public, anon, authenticated, service_role;
grant execute on function public.set_consent(uuid, text, boolean), public.open_consents(uuid, uuid)
    to authenticated;
