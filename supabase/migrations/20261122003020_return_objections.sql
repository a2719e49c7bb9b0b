-- "This was not me": what a young person says to a code to get back in that they did not ask for.
set lock_timeout = '5s';

create function private.tell_coordinators(
    p_organisation uuid, p_return uuid, p_person uuid, p_made_by uuid
) returns void
language plpgsql set search_path = '' as $$
declare
    v_told uuid[] := array(
        select distinct m.person_id from private.current_memberships as m
        where m.organisation_id = p_organisation and m.role = 'coordinator' and m.cleared
    );
begin
    -- Whoever made the code must not be the only one who hears of it.
    if array_remove(v_told, p_made_by) = '{}' then
        v_told := v_told || array(
            select distinct m.person_id from private.current_memberships as m
            where m.organisation_id = p_organisation and m.role = 'administrator' and m.cleared
        );
    end if;
    perform private.tell(
        someone, 'return_code_objected', p_return, p_person,
        jsonb_build_object('about', p_made_by)
    ) from (select distinct unnest(v_told) as someone) as told;
end
$$;

create function public.object_to_return(p_return uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_return private.returns;
begin
    -- As new_return_code does: else a code that is being made right now would outlive the objection.
    perform from public.people as p where p.id = v_me for no key update;
    select r.* into v_return from private.returns as r
    where r.id = p_return and r.person_id = v_me for update;
    if not found then
        perform private.refuse('PT404', 'not_found');
    end if;
    if v_return.user_id = auth.uid() then
        perform private.refuse('PT403', 'not_yourself');
    end if;
    if v_return.objected_at is not null then
        return;
    end if;
    -- Full is who waited 72 hours without an objection, or has proved that it is them.
    if v_return.used_at <= now() - interval '72 hours' or exists (
        select from private.sign_ins as s where s.user_id = v_return.user_id and s.full_from <= now()
    ) then
        perform private.refuse('PT409', 'too_late');
    end if;
    update private.returns as r
    set objected_at = case when r.id = p_return then now() end, stopped_at = coalesce(r.stopped_at, now())
    where r.person_id = v_me and (r.id = p_return or r.used_at is null and r.stopped_at is null);
    -- Devices first: who must hear of their end is found through the sign-in.
    perform private.drop_devices(array(
        select d.id from private.devices as d where d.user_id = v_return.user_id
    ));
    delete from private.bindings as b where b.user_id = v_return.user_id;
    delete from private.sign_ins as s where s.user_id = v_return.user_id and s.person_id = v_me;
    update private.notices as n set seen_at = now()
    where n.person_id = v_me and n.ref = p_return and n.seen_at is null;
    perform private.record('return_objected', 'person', v_me, v_return.organisation_id);
    perform private.tell_coordinators(
        v_return.organisation_id, v_return.id, v_me, v_return.made_by
    );
    perform private.hint('person', v_me, array[v_me]);
end
$$;
comment on function public.object_to_return is
    'Stops the code, or ends at once what came from it; coordinators are told. For 72 h after it was used, by '
    'another sign-in of the person that is full. Harmless twice.';

create function public.allow_return(p_return uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_return private.returns;
begin
    select r.* into v_return from private.returns as r where r.id = p_return for update;
    perform private.require_cleared_role(v_return.organisation_id, 'coordinator');
    if v_return.made_by = v_me then
        perform private.refuse('PT403', 'not_yourself');
    end if;
    if v_return.objected_at is null then
        perform private.refuse('PT409', 'not_objected');
    end if;
    update private.returns as r set allowed_at = coalesce(r.allowed_at, now())
    where r.person_id = v_return.person_id and r.organisation_id = v_return.organisation_id
        and r.objected_at is not null and r.made_by is distinct from v_me;
    perform private.record(
        'return_allowed', 'person', v_return.person_id, v_return.organisation_id
    );
end
$$;
comment on function public.allow_return is
    'After an objection: a coordinator who did not make the code lets the key worker make new ones.';

revoke execute on function
    private.tell_coordinators(uuid, uuid, uuid, uuid), public.object_to_return(uuid), public.allow_return(uuid)
    from public, anon, authenticated, service_role;
grant execute on function public.object_to_return(uuid), public.allow_return(uuid) to authenticated;
