-- Where an organisation is, and who is on duty there.
set lock_timeout = '5s';

create table public.sites (
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references public.organisations (id) on delete restrict,
    name private.name not null,
    town private.name not null,
    address private.name not null,
    step_free boolean,
    version integer not null default 1 check (version > 0),
    updated_at timestamptz not null default now(),
    constraint one_site_of_a_name unique (organisation_id, name)
);
comment on column public.sites.step_free is 'Null: nobody has looked yet. Never said without having looked.';
create trigger sites_count_versions before update on public.sites
    for each row execute function private.touch();

create table public.duties (
    id uuid primary key default gen_random_uuid(),
    site_id uuid not null references public.sites (id) on delete restrict,
    organisation_id uuid not null references public.organisations (id) on delete restrict,
    person_id uuid not null references public.people (id) on delete restrict,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    made_by uuid references public.people (id) on delete set null,
    constraint a_duty_ends_within_a_day
        check (ends_at > starts_at and ends_at <= starts_at + interval '24 hours'),
    constraint one_duty_at_a_time exclude using gist (
        (person_id::text) with =, tstzrange(starts_at, ends_at) with &&
    )
);
comment on table public.duties is 'The duty rota: who answers when a message says "I am not safe".';
create index duties_by_site on public.duties (site_id);
create index duties_by_organisation on public.duties (organisation_id, ends_at);
create index duties_by_person on public.duties (person_id);
create index duties_by_maker on public.duties (made_by);

alter table public.sites enable row level security;
alter table public.sites force row level security;
alter table public.duties enable row level security;
alter table public.duties force row level security;
create policy "members can see the sites of their organisation" on public.sites
    for select to authenticated using (organisation_id in (select private.my_organisations()));
create policy "members can see who is on duty" on public.duties
    for select to authenticated using (organisation_id in (select private.my_organisations()));
revoke all on public.sites, public.duties from public, anon, authenticated, service_role;
grant select on public.sites, public.duties to authenticated;

create function public.add_site(
    p_organisation uuid, p_name text, p_town text, p_address text, p_step_free boolean
) returns uuid language plpgsql security definer set search_path = '' as $$
declare
    v_site uuid;
begin
    perform private.require_role(p_organisation, 'coordinator', 'administrator');
    insert into public.sites (organisation_id, name, town, address, step_free)
    values (
        p_organisation, private.checked_name(p_name, 'name'), private.checked_name(p_town, 'town'),
        private.checked_name(p_address, 'address'), p_step_free
    )
    on conflict on constraint one_site_of_a_name do nothing returning id into v_site;
    if v_site is null then
        perform private.refuse('PT409', 'already_there');
    end if;
    perform private.record('site_added', 'site', v_site, p_organisation);
    perform private.hint_organisation(p_organisation, v_site);
    return v_site;
end
$$;
comment on function public.add_site is 'By coordinators and administrators; step_free null for "not looked yet".';

create function public.change_site(
    p_site uuid, p_name text, p_town text, p_address text, p_step_free boolean, p_version integer
) returns integer language plpgsql security definer set search_path = '' as $$
declare
    v_seen public.sites;
begin
    perform private.require_person();
    select s.* into v_seen from public.sites as s where s.id = p_site for update;
    perform private.require_role(v_seen.organisation_id, 'coordinator', 'administrator');
    if v_seen.version is distinct from p_version then
        perform private.refuse('PT409', 'changed_meanwhile', jsonb_build_object('version', v_seen.version));
    end if;
    if exists (
        select from public.sites as s
        where s.organisation_id = v_seen.organisation_id and s.id <> p_site
            and s.name = private.checked_name(p_name, 'name')
    ) then
        perform private.refuse('PT409', 'already_there');
    end if;
    update public.sites as s
    set name = private.checked_name(p_name, 'name'), town = private.checked_name(p_town, 'town'),
        address = private.checked_name(p_address, 'address'), step_free = p_step_free
    where s.id = p_site;
    perform private.record('site_changed', 'site', p_site, v_seen.organisation_id);
    perform private.hint_organisation(v_seen.organisation_id, p_site);
    return v_seen.version + 1;
end
$$;

create function private.hint_organisation(p_organisation uuid, p_ref uuid) returns void
language sql set search_path = '' as $$
    select private.hint('organisation', p_ref, array(
        select m.person_id from private.current_memberships as m where m.organisation_id = p_organisation
    ))
$$;

create function public.plan_duty(
    p_site uuid, p_person uuid, p_starts timestamptz, p_ends timestamptz
) returns uuid language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_person();
    v_organisation uuid := (select s.organisation_id from public.sites as s where s.id = p_site);
    v_duty uuid;
begin
    perform private.require_cleared_role(v_organisation, 'coordinator', 'safeguarding_lead');
    if (p_ends > p_starts and p_ends <= p_starts + interval '24 hours' and p_ends > now()
        and p_starts < now() + interval '400 days') is not true
    then
        perform private.refuse('PT422', 'times_not_valid');
    end if;
    if not exists (
        select from private.current_memberships as m
        where m.organisation_id = v_organisation and m.person_id = p_person and m.cleared
            and m.role in ('key_worker', 'coordinator', 'safeguarding_lead')
    ) then
        perform private.refuse('PT422', 'person_not_fitting');
    end if;
    insert into public.duties (site_id, organisation_id, person_id, starts_at, ends_at, made_by)
    values (p_site, v_organisation, p_person, p_starts, p_ends, v_me)
    on conflict on constraint one_duty_at_a_time do nothing returning id into v_duty;
    if v_duty is null then
        perform private.refuse('PT409', 'already_there');
    end if;
    perform private.record('duty_planned', 'duty', v_duty, v_organisation);
    perform private.hint('duty', v_duty, array[p_person, v_me]);
    return v_duty;
end
$$;
comment on function public.plan_duty is
    'Only for key workers, coordinators and safeguarding leads who are cleared; at most a day long.';

create function public.cancel_duty(p_duty uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_person();
    v_seen public.duties;
begin
    select d.* into v_seen from public.duties as d where d.id = p_duty for update;
    perform private.require_cleared_role(v_seen.organisation_id, 'coordinator', 'safeguarding_lead');
    delete from public.duties as d where d.id = p_duty;
    perform private.record('duty_cancelled', 'duty', p_duty, v_seen.organisation_id);
    perform private.hint('duty', p_duty, array[v_seen.person_id, v_me]);
end
$$;

revoke execute on function
    public.add_site(uuid, text, text, text, boolean),
    public.change_site(uuid, text, text, text, boolean, integer),
    private.hint_organisation(uuid, uuid),
    public.plan_duty(uuid, uuid, timestamptz, timestamptz), public.cancel_duty(uuid)
    from public, anon, authenticated, service_role;
grant execute on function
    public.add_site(uuid, text, text, text, boolean),
    public.change_site(uuid, text, text, text, boolean, integer),
    public.plan_duty(uuid, uuid, timestamptz, timestamptz), public.cancel_duty(uuid)
    to authenticated;
