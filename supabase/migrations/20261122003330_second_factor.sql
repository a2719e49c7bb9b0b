-- The place of a second factor: from a day that an organisation sets, its staff reach nothing with a
-- sign-in that has only a passphrase (aal1). No screen sets the day yet; without one nothing changes.
set lock_timeout = '5s';

alter table public.organisations add column second_factor_from timestamptz;
comment on column public.organisations.second_factor_from is
    'From then on staff need a token of aal2. Null: not asked for. Young people never need one.';

create function private.second_factor_missing() returns boolean
language sql stable security definer set search_path = '' as $$
    select exists (
        select from private.sign_ins as me
        join private.current_memberships as mine
            on mine.person_id = me.person_id and mine.role <> 'young_person'
        join public.organisations as o on o.id = mine.organisation_id
        where me.user_id = (select auth.uid()) and (
            o.second_factor_from <= now() and coalesce(auth.jwt() ->> 'aal', 'aal1') <> 'aal2'
            -- Got back in by a code of somebody else's, and became staff meanwhile.
            or me.full_from > now()
        )
    )
$$;
comment on function private.second_factor_missing is
    'Who works in one place that asks for it must bring it for all of them: a person has one token. '
    'A sign-in that is not full yet brings nothing for work either.';

alter policy "members can see their organisation" on public.organisations
    using (
        id in (select private.my_organisations())
        and not (select private.second_factor_missing())
    );
alter policy "people can see themselves and those they coordinate" on public.people
    using (
        id in (select private.my_people())
        and not (select private.second_factor_missing())
    );
alter policy "people can see their own memberships and those they coordinate" on public.memberships
    using (
        not (select private.second_factor_missing()) and (
            person_id = (select private.my_person())
            or role <> 'young_person' and organisation_id in
                (select private.my_organisations_as('coordinator', 'administrator'))
            or organisation_id in
                (select private.my_organisations_cleared_as('coordinator', 'administrator'))
        )
    );
alter policy "people can see their own team and those they are in or coordinate" on public.team_members
    using (
        not (select private.second_factor_missing()) and (
            young_person_id = (select private.my_person())
            or id in (select private.my_teams())
            or organisation_id in
                (select private.my_organisations_cleared_as('coordinator', 'administrator'))
        )
    );
alter policy "members can see the sites of their organisation" on public.sites
    using (
        organisation_id in (select private.my_organisations())
        and not (select private.second_factor_missing())
    );
alter policy "members can see who is on duty" on public.duties
    using (
        organisation_id in (select private.my_organisations())
        and not (select private.second_factor_missing())
    );
alter policy "young people can see what is noted about the law and them" on public.justice_facts
    using (
        young_person_id = (select private.my_person()) and (select private.is_full())
        and not (select private.second_factor_missing())
    );
alter policy "young people can see what they said yes and no to" on public.consents
    using (
        young_person_id = (select private.my_person()) and (select private.is_full())
        and not (select private.second_factor_missing())
    );

revoke execute on function private.second_factor_missing() from public, anon, authenticated, service_role;
grant execute on function private.second_factor_missing() to authenticated;
