-- What functions of the public schema begin and end with: who is asking, and the audit row.
set lock_timeout = '5s';

create function private.require_user() returns uuid
language plpgsql stable set search_path = '' as $$
declare
    v_user uuid := auth.uid();
begin
    if v_user is null then
        perform private.refuse('PT401', 'signed_out');
    end if;
    return v_user;
end
$$;

create function private.require_person() returns uuid
language plpgsql stable set search_path = '' as $$
declare
    v_person uuid := private.my_person();
begin
    perform private.require_user();
    if v_person is null then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    if private.second_factor_missing() then
        perform private.refuse('PT403', case
            when private.is_full() then 'second_factor_needed' else 'not_full_yet'
        end);
    end if;
    return v_person;
end
$$;

create function private.has_role(p_organisation uuid, variadic p_roles text[]) returns boolean
language sql stable set search_path = '' as $$
    select coalesce(p_organisation in (select private.my_organisations_as(variadic p_roles)), false)
$$;
comment on function private.has_role is 'For functions that act on one organisation; policies use the set.';

create function private.require_role(p_organisation uuid, variadic p_roles text[]) returns void
language plpgsql stable set search_path = '' as $$
begin
    perform private.require_person();
    -- One answer for an organisation that is not mine and one that does not exist.
    if not private.has_role(p_organisation, variadic p_roles) then
        perform private.refuse('PT403', 'not_allowed');
    end if;
end
$$;

create function private.require_given(p_arguments jsonb) returns void
language plpgsql immutable set search_path = '' as $$
declare
    v_missing text := (
        select a.key from jsonb_each(p_arguments) as a where a.value = 'null' order by a.key limit 1
    );
begin
    if v_missing is not null then
        perform private.refuse('PT422', 'missing', jsonb_build_object('field', v_missing));
    end if;
end
$$;

create function private.app_metadata(p_user uuid) returns jsonb
language sql stable set search_path = '' as $$
    select u.raw_app_meta_data from auth.users as u where u.id = p_user
$$;

create function private.record(
    p_action text,
    p_subject_kind text,
    p_subject uuid,
    p_organisation uuid default null,
    p_fields text[] default '{}',
    p_reason text default null
) returns void
language sql set search_path = '' as $$
    insert into private.audit
        (actor_user, actor_person, action, subject_kind, subject_id, organisation_id, fields, reason)
    values (
        auth.uid(), private.my_person(), p_action, p_subject_kind, p_subject, p_organisation,
        p_fields, p_reason
    )
$$;
comment on function private.record is 'Writes the audit row of a change, in the change''s own transaction.';

revoke execute on function
    private.require_user(), private.require_person(), private.has_role(uuid, text[]),
    private.require_role(uuid, text[]), private.require_given(jsonb), private.app_metadata(uuid),
    private.record(text, text, uuid, uuid, text[], text)
    from public, anon, authenticated, service_role;
