-- Which keys hold the words, and putting a new key in place of an old one. The last of all files, since
-- every table with sealed words has its part in it.
set lock_timeout = '5s';

create function private.sealed_rows(p_keys text[], p_most integer)
returns table (kind text, ref jsonb, place jsonb, sealed text)
language sql stable rows 100 set search_path = '' as $$
    (
        select 'messages', jsonb_build_array(v.thread_id, v.seq, v.version),
            jsonb_build_array('message', v.thread_id, m.client_id, v.version), v.sealed
        from private.message_versions as v
        join private.messages as m on m.thread_id = v.thread_id and m.seq = v.seq
        where v.key_id = any (p_keys) limit p_most
    )
    union all
    (
        select 'drafts', jsonb_build_array(d.thread_id, d.person_id),
            jsonb_build_array('draft', d.thread_id), d.sealed
        from private.drafts as d where d.key_id = any (p_keys) limit p_most
    )
    union all
    (
        select 'kept_back', jsonb_build_array(k.thread_id, k.person_id, k.client_id),
            jsonb_build_array('kept_back', k.thread_id, k.client_id), k.sealed
        from private.kept_back as k where k.key_id = any (p_keys) limit p_most
    )
    union all
    (
        select 'alerts', jsonb_build_array(a.id), jsonb_build_array('alert', a.id), a.sealed
        from private.alerts as a where a.key_id = any (p_keys) limit p_most
    )
    union all
    (
        select 'templates', jsonb_build_array(t.id), jsonb_build_array('template', t.id), t.sealed
        from private.templates as t where t.key_id = any (p_keys) limit p_most
    )
    union all
    (
        select 'attachments', jsonb_build_array(f.id), jsonb_build_array('attachment', f.id), f.sealed
        from private.attachments as f where f.key_id = any (p_keys) limit p_most
    )
    union all
    (
        select 'translations', jsonb_build_array(x.thread_id, x.seq, x.version, x.language),
            jsonb_build_array('translation', x.thread_id, m.client_id, x.version, x.language), x.sealed
        from private.translations as x
        join private.messages as m on m.thread_id = x.thread_id and m.seq = x.seq
        where x.key_id = any (p_keys) limit p_most
    )
    limit p_most
$$;
comment on function private.sealed_rows is
    'Every table with sealed words has its part here. place is what the app sealed them for.';

create function private.reseal(p_kind text, p_ref jsonb, p_was text, p_sealed text) returns boolean
language plpgsql set search_path = '' as $$
begin
    -- Who has written meanwhile has used a key of today.
    case p_kind
        when 'messages' then
            update private.message_versions as v set sealed = p_sealed
            where v.thread_id = (p_ref ->> 0)::uuid and v.seq = (p_ref ->> 1)::bigint
                and v.version = (p_ref ->> 2)::smallint and md5(v.sealed) = p_was;
        when 'drafts' then
            update private.drafts as d set sealed = p_sealed
            where d.thread_id = (p_ref ->> 0)::uuid and d.person_id = (p_ref ->> 1)::uuid
                and md5(d.sealed) = p_was;
        when 'kept_back' then
            update private.kept_back as k set sealed = p_sealed
            where k.thread_id = (p_ref ->> 0)::uuid and k.person_id = (p_ref ->> 1)::uuid
                and k.client_id = (p_ref ->> 2)::uuid and md5(k.sealed) = p_was;
        when 'alerts' then
            update private.alerts as a set sealed = p_sealed
            where a.id = (p_ref ->> 0)::uuid and md5(a.sealed) = p_was;
        when 'templates' then
            update private.templates as t set sealed = p_sealed
            where t.id = (p_ref ->> 0)::uuid and md5(t.sealed) = p_was;
        when 'attachments' then
            update private.attachments as f set sealed = p_sealed
            where f.id = (p_ref ->> 0)::uuid and md5(f.sealed) = p_was;
        when 'translations' then
            update private.translations as x set sealed = p_sealed
            where x.thread_id = (p_ref ->> 0)::uuid and x.seq = (p_ref ->> 1)::bigint
                and x.version = (p_ref ->> 2)::smallint and x.language = p_ref ->> 3
                and md5(x.sealed) = p_was;
    end case;
    return found;
end
$$;

create function private.used_keys() returns table (kind text, key_id text)
language sql stable rows 10 set search_path = '' as $$
    -- From one key to the next in the index: counting all rows would read them all.
    with recursive found as (
        (
            select v.key_id from private.message_versions as v
            where v.key_id is not null order by v.key_id limit 1
        )
        union all
        select (
            select v.key_id from private.message_versions as v
            where v.key_id > found.key_id order by v.key_id limit 1
        )
        from found where found.key_id is not null
    )
    select 'messages', found.key_id from found where found.key_id is not null
    union
    select 'drafts', d.key_id from private.drafts as d
    union
    select 'kept_back', k.key_id from private.kept_back as k
    union
    select 'alerts', a.key_id from private.alerts as a where a.key_id is not null
    union
    select 'templates', t.key_id from private.templates as t
    union
    select 'attachments', f.key_id from private.attachments as f
    union
    select 'translations', x.key_id from private.translations as x
    union
    select 'devices', split_part(d.sealed, '.', 2) from private.devices as d
    union
    select 'bindings', split_part(b.sealed, '.', 2) from private.bindings as b
$$;

create function public.machine_keys() returns json
language plpgsql stable security definer set search_path = '' as $$
begin
    perform private.require_machine('jobs');
    return (
        select coalesce(json_agg(json_build_object('kind', k.kind, 'key', k.key_id)
            order by k.kind, k.key_id), '[]')
        from private.used_keys() as k
    );
end
$$;
comment on function public.machine_keys is 'Which keys seal something, by what they seal.';

create function public.machine_sealed(p_keys text[]) returns json
language plpgsql stable security definer set search_path = '' as $$
begin
    perform private.require_machine('jobs');
    return (
        select coalesce(json_agg(json_build_object(
            'kind', r.kind, 'ref', r.ref, 'place', r.place, 'sealed', r.sealed
        )), '[]')
        from private.sealed_rows(p_keys, 100) as r
    );
end
$$;
comment on function public.machine_sealed is 'At most 100 texts that these keys have sealed, as they lie here.';

create function public.machine_reseal(p_rows jsonb) returns integer
language plpgsql security definer set search_path = '' as $$
begin
    perform private.require_machine('jobs');
    if exists (
        select from jsonb_to_recordset(p_rows) as r (kind text, sealed text)
        where (
            r.kind in (
                'messages', 'drafts', 'kept_back', 'alerts', 'templates', 'attachments', 'translations'
            )
            and private.is_sealed(r.sealed)
        ) is not true
    ) then
        perform private.refuse('PT422', 'not_valid', jsonb_build_object('field', 'rows'));
    end if;
    return (
        select count(*) filter (where private.reseal(r.kind, r.ref, r.was, r.sealed))
        from jsonb_to_recordset(p_rows) as r (kind text, ref jsonb, was text, sealed text)
    );
end
$$;
comment on function public.machine_reseal is
    'The same words under another key; was: the MD5 of what lay there. Returns how many were put in place.';

revoke execute on function
    private.sealed_rows(text[], integer), private.reseal(text, jsonb, text, text),
    private.used_keys(), public.machine_keys(), public.machine_sealed(text[]),
    public.machine_reseal(jsonb)
    from public, anon, authenticated, service_role;
grant execute on function
    public.machine_keys(), public.machine_sealed(text[]), public.machine_reseal(jsonb)
    to authenticated;
