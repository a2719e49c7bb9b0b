-- An invitation for somebody who can sign in already: one more place for them, not one more person.
set lock_timeout = '5s';

create function private.hand_place_to(p_from uuid, p_to uuid) returns void
language plpgsql set search_path = '' as $$
begin
    update public.memberships as m set person_id = p_to where m.person_id = p_from;
    update public.team_members as t set person_id = p_to where t.person_id = p_from;
    update private.codes as c set person_id = p_to, used_at = now() where c.person_id = p_from;
    perform private.tell_team(t.organisation_id, t.young_person_id)
    from public.team_members as t where t.person_id = p_to and t.until is null;
    begin
        delete from public.people as p where p.id = p_from;
    exception when foreign_key_violation then
        -- Something else was already noted under that name; without a place nobody sees it.
        delete from private.invitations as i where i.person_id = p_from;
    end;
end
$$;

create function public.accept_invitation(p_code text) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_code private.codes;
    v_place uuid;
    v_membership uuid;
begin
    select c.* into v_code from private.codes as c
    where c.digest = private.code_digest(p_code) and c.expires_at > now() for update;
    if v_code.person_id = v_me and v_code.used_at is not null then
        -- The form was sent again after a lost answer.
        return private.active_membership(auth.uid(), null);
    end if;
    select m.organisation_id, m.id into v_place, v_membership
    from private.invitations as i
    join private.current_memberships as m on m.person_id = i.person_id and m.role <> 'young_person'
    where i.person_id = v_code.person_id and v_code.used_at is null
    order by m.since, m.id limit 1;
    if v_place is null then
        perform private.refuse('PT422', 'code_not_valid');
    end if;
    -- Else a coordinator could give roles to themselves by inviting themselves.
    if v_code.made_by = v_me then
        perform private.refuse('PT403', 'not_yourself');
    end if;
    if exists (
        select from private.current_memberships as m
        where m.person_id = v_me and m.organisation_id = v_place
    ) then
        perform private.refuse('PT409', 'already_there');
    end if;
    perform private.hand_place_to(v_code.person_id, v_me);
    perform private.record('invitation_accepted', 'membership', v_membership, v_place);
    perform private.hint('access', v_membership, array[v_me]);
    perform private.hint('person', v_me, array_remove(private.who_sees(v_me), v_me));
    return v_membership;
end
$$;
comment on function public.accept_invitation is
    'The place of an invitation for the caller, who has a sign-in. One answer for wrong, used and expired.';

revoke execute on function
    private.hand_place_to(uuid, uuid), public.accept_invitation(text)
    from public, anon, authenticated, service_role;
grant execute on function public.accept_invitation(text) to authenticated;
