-- From which age consent counts, by country; and how long what we know of a young person is kept.
set lock_timeout = '5s';

alter table public.countries
    add column consent_age smallint check (consent_age between 13 and 16),
    add column consent_age_source text check (consent_age_source ~ '^https://[^ ]{8,200}$'),
    add column consent_age_as_of date,
    add constraint an_age_names_its_source
        check (num_nulls(consent_age, consent_age_source, consent_age_as_of) in (0, 3));
comment on column public.countries.consent_age is
    'GDPR Art. 8(1). Null: not looked up, so no rule may lean on it. It speaks of consent as the ground '
    'for a service offered online; counselling offered directly to a child needs no parent (recital 38).';
comment on column public.countries.consent_age_as_of is 'The day on which the source says it was reviewed.';

alter table public.memberships
    add column retention_class text
        check (retention_class in ('standard', 'aftercare', 'hold')),
    add constraint only_young_people_are_kept_by_class
        check (role = 'young_person' or retention_class is null);
comment on column public.memberships.retention_class is
    'How long after the end: by the organisation''s standard (also null), longer for aftercare, or not '
    'erased while a dispute or a law needs it (hold).';

create function public.set_retention(p_membership uuid, p_class text, p_version integer)
returns integer language plpgsql security definer set search_path = '' as $$
declare
    v_seen public.memberships;
begin
    perform private.require_person();
    select m.* into v_seen from public.memberships as m where m.id = p_membership for update;
    perform private.require_cleared_role(v_seen.organisation_id, 'administrator');
    if v_seen.role <> 'young_person' then
        perform private.refuse('PT422', 'role_not_valid');
    end if;
    if (p_class in ('standard', 'aftercare', 'hold')) is not true then
        perform private.refuse('PT422', 'retention_not_valid');
    end if;
    if v_seen.version is distinct from p_version then
        perform private.refuse('PT409', 'changed_meanwhile', jsonb_build_object('version', v_seen.version));
    end if;
    update public.memberships as m set retention_class = p_class where m.id = p_membership;
    perform private.record(
        'retention_set', 'membership', p_membership, v_seen.organisation_id, '{retention_class}'
    );
    return v_seen.version + 1;
end
$$;
comment on function public.set_retention is 'By a cleared administrator, for the membership of a young person.';

revoke execute on function public.set_retention(uuid, text, integer)
    from public, anon, authenticated, service_role;
grant execute on function public.set_retention(uuid, text, integer) to authenticated;
