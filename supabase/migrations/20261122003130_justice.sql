-- What the law has to do with a young person: apart from everything else (GDPR Art. 10).
set lock_timeout = '5s';

create table public.justice_facts (
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references public.organisations (id) on delete restrict,
    young_person_id uuid not null references public.people (id) on delete restrict,
    kind text not null check (kind in (
        'accusation', 'court_date', 'sentence', 'probation', 'community_work', 'victim', 'other'
    )),
    words text not null check (char_length(words) between 1 and 1000),
    written_by uuid not null references public.people (id) on delete restrict,
    created_at timestamptz not null default now(),
    version integer not null default 1 check (version > 0),
    updated_at timestamptz not null default now()
);
comment on table public.justice_facts is
    'Never in a search, a timeline or an export. Staff have no right to a row: they call open_justice, '
    'which writes the access log. No opening to protect somebody reaches in here.';
create index justice_facts_by_organisation on public.justice_facts (organisation_id);
create index justice_facts_by_young_person on public.justice_facts (young_person_id);
create index justice_facts_by_writer on public.justice_facts (written_by);
create trigger justice_facts_count_versions before update on public.justice_facts
    for each row execute function private.touch();

alter table public.justice_facts enable row level security;
alter table public.justice_facts force row level security;
create policy "young people can see what is noted about the law and them" on public.justice_facts
    for select to authenticated using (
        young_person_id = (select private.my_person()) and (select private.is_full())
    );
revoke all on public.justice_facts from public, anon, authenticated, service_role;
grant select on public.justice_facts to authenticated;

create function public.open_justice(p_organisation uuid, p_young_person uuid) returns json
language plpgsql security definer set search_path = '' as $$
begin
    perform private.log_reading(p_organisation, p_young_person, 'justice');
    return (
        select coalesce(json_agg(json_build_object(
            'id', j.id, 'kind', j.kind, 'words', j.words, 'written_by', writer.name,
            'own_words', j.written_by = p_young_person, 'created_at', j.created_at, 'version', j.version
        ) order by j.created_at, j.id), '[]')
        from public.justice_facts as j join public.people as writer on writer.id = j.written_by
        where j.organisation_id = p_organisation and j.young_person_id = p_young_person
    );
end
$$;
comment on function public.open_justice is
    'For the young person, their key worker and stand-in, who must be cleared and are logged. Nobody else.';

create function public.add_justice_fact(
    p_organisation uuid, p_young_person uuid, p_kind text, p_words text
) returns uuid language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_fact uuid;
begin
    if v_me is distinct from p_young_person
        and not private.is_my_charge(p_organisation, p_young_person)
    then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    perform private.hold_young_person(p_organisation, p_young_person);
    if (p_kind in ('accusation', 'court_date', 'sentence', 'probation', 'community_work', 'victim',
        'other')) is not true
    then
        perform private.refuse('PT422', 'kind_not_valid');
    end if;
    insert into public.justice_facts (organisation_id, young_person_id, kind, words, written_by)
    values (
        p_organisation, p_young_person, p_kind, private.checked_text(p_words, 'words', 1, 1000), v_me
    )
    returning id into v_fact;
    perform private.record('justice_fact_added', 'justice_fact', v_fact, p_organisation);
    perform private.hint('justice', p_young_person, array[p_young_person]);
    return v_fact;
end
$$;
comment on function public.add_justice_fact is 'By the young person, or their key worker.';

create function public.remove_justice_fact(p_fact uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_seen public.justice_facts;
begin
    select j.* into v_seen from public.justice_facts as j where j.id = p_fact for update;
    if (v_me = v_seen.young_person_id
        or private.is_my_charge(v_seen.organisation_id, v_seen.young_person_id)) is not true
    then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    delete from public.justice_facts as j where j.id = p_fact;
    perform private.record('justice_fact_removed', 'justice_fact', p_fact, v_seen.organisation_id);
    perform private.hint('justice', v_seen.young_person_id, array[v_seen.young_person_id]);
end
$$;
comment on function public.remove_justice_fact is
    'By the young person, or their key worker: what is over is not kept. The audit keeps that it was.';

revoke execute on function
    public.open_justice(uuid, uuid), public.add_justice_fact(uuid, uuid, text, text),
    public.remove_justice_fact(uuid)
    from public, anon, authenticated, service_role;
grant execute on function
    public.open_justice(uuid, uuid), public.add_justice_fact(uuid, uuid, text, text),
    public.remove_justice_fact(uuid)
    to authenticated;
