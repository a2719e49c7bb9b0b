-- A message of ours is a contact too: the rhythm counts from whichever was last.
set lock_timeout = '5s';

create function private.last_contact_at(p_organisation uuid, p_young_person uuid) returns timestamptz
language sql stable set search_path = '' as $$
    select greatest(
        (
            select c.at from private.contacts_made as c
            where c.young_person_id = p_young_person and c.organisation_id = p_organisation and c.met
            order by c.at desc limit 1
        ),
        (
            select m.sent_at
            from private.threads as t
            join private.messages as m on m.thread_id = t.id
            where t.young_person_id = p_young_person and t.organisation_id = p_organisation
                and t.kind = 'key_worker' and m.author <> p_young_person
            order by m.seq desc limit 1
        )
    )
$$;
comment on function private.last_contact_at is
    'When key worker or stand-in last met them, spoke with them or wrote to them. What they write themselves is no '
    'contact that we made.';

create function public.open_agreement(p_organisation uuid, p_young_person uuid) returns json
language plpgsql security definer set search_path = '' as $$
begin
    -- It stands on their page: reading it is part of opening that.
    perform private.log_reading(p_organisation, p_young_person, 'person');
    return (
        select json_build_object(
            'ways', a.ways, 'every_days', a.every_days, 'places', a.places,
            'quiet_from', to_char(a.quiet_from, 'HH24:MI'), 'quiet_to', to_char(a.quiet_to, 'HH24:MI'),
            'answer_days', a.answer_days, 'version', coalesce(a.version, 0),
            'written_at', a.written_at, 'written_by', writer.name,
            'own_words', a.written_by = p_young_person, 'time_zone', young.time_zone,
            'changes', private.agreement_changes(p_organisation, p_young_person),
            'made', private.contacts_made_with(p_organisation, p_young_person, private.my_person()),
            'last_at', private.last_contact_at(p_organisation, p_young_person)
        )
        from public.people as young
        left join private.agreements as a
            on a.organisation_id = p_organisation and a.young_person_id = p_young_person
        left join public.people as writer on writer.id = a.written_by
        where young.id = p_young_person
    );
end
$$;
comment on function public.open_agreement is
    'What was agreed (version 0: nothing yet), its last changes, and the last contacts we made. For the '
    'young person, their key worker and stand-in.';

revoke execute on function private.last_contact_at(uuid, uuid), public.open_agreement(uuid, uuid)
    from public, anon, authenticated, service_role;
grant execute on function public.open_agreement(uuid, uuid) to authenticated;
