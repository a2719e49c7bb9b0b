-- Messages that are often written: an organisation's own and each key worker's. Sealed like messages.
set lock_timeout = '5s';

create table private.templates (
    id uuid primary key,
    organisation_id uuid not null references public.organisations (id) on delete restrict,
    owner uuid references public.people (id) on delete cascade,
    sealed private.sealed not null,
    key_id text generated always as (split_part(sealed, '.', 2)) stored,
    version integer not null default 1 check (version > 0),
    written_at timestamptz not null default now()
);
comment on table private.templates is
    'By rule they hold nothing about a person. What is sent from one is a message all the same, and a copy of the '
    'database must hold no word of a message.';
comment on column private.templates.owner is 'Null: the organisation''s own, for all who work there as key workers.';
create index templates_by_organisation on private.templates (organisation_id, owner);
create index templates_by_owner on private.templates (owner);
create index templates_by_key on private.templates (key_id);

alter table private.templates enable row level security;
alter table private.templates force row level security;
revoke all on private.templates from public, anon, authenticated, service_role;

create function private.templates_as_json(p_organisation uuid) returns json
language sql stable set search_path = '' as $$
    select coalesce(json_agg(json_build_object(
        'id', t.id, 'shared', t.owner is null, 'sealed', t.sealed, 'version', t.version
    ) order by t.written_at, t.id), '[]')
    from private.templates as t
    where t.organisation_id = p_organisation and (t.owner is null or t.owner = private.my_person())
$$;

create function public.my_templates(p_organisation uuid) returns json
language plpgsql stable security definer set search_path = '' as $$
begin
    perform private.require_full();
    perform private.require_cleared_role(p_organisation, 'key_worker', 'coordinator');
    return private.templates_as_json(p_organisation);
end
$$;
comment on function public.my_templates is 'The organisation''s and my own, for key workers and coordinators.';

create function public.templates_for(p_thread uuid) returns json
language plpgsql stable security definer set search_path = '' as $$
declare
    v_seen record := private.readable_thread(p_thread);
begin
    if ((v_seen.way).way in ('key_worker', 'stand_in')) is not true then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    return json_build_object(
        'language', (
            select p.language from public.people as p where p.id = (v_seen.thread).young_person_id
        ),
        'templates', private.templates_as_json((v_seen.thread).organisation_id)
    );
end
$$;
comment on function public.templates_for is
    'For key worker and stand-in: what they may put into this thread, and the language that is read there.';

create function private.require_right_to_templates(p_organisation uuid, p_owner uuid) returns void
language plpgsql stable set search_path = '' as $$
begin
    if p_owner is null then
        perform private.require_cleared_role(p_organisation, 'coordinator');
        return;
    end if;
    perform private.require_cleared_role(p_organisation, 'key_worker', 'coordinator');
    if p_owner is distinct from private.my_person() then
        perform private.refuse('PT403', 'not_allowed');
    end if;
end
$$;

create function public.keep_template(
    p_organisation uuid, p_template uuid, p_shared boolean, p_sealed text, p_version integer
) returns integer language plpgsql security definer set search_path = '' as $$
declare
    v_owner uuid := case when p_shared is not true then private.require_full() end;
    v_seen private.templates;
begin
    perform private.require_full();
    perform private.require_right_to_templates(p_organisation, v_owner);
    perform private.require_given(jsonb_build_object('template', p_template, 'version', p_version));
    perform private.require_sealed(p_sealed);
    if p_version = 0 then
        if (
            select count(*) from private.templates as t
            where t.organisation_id = p_organisation and t.owner is not distinct from v_owner
        ) >= 100 then
            perform private.refuse('PT422', 'too_many', '{"most": 100}');
        end if;
        insert into private.templates (id, organisation_id, owner, sealed)
        values (p_template, p_organisation, v_owner, p_sealed) on conflict do nothing;
        if not found then
            perform private.refuse('PT409', 'already_there');
        end if;
    else
        select t.* into v_seen from private.templates as t where t.id = p_template for update;
        if (v_seen.organisation_id = p_organisation and v_seen.owner is not distinct from v_owner)
            is not true
        then
            perform private.refuse('PT403', 'not_allowed');
        end if;
        if v_seen.version <> p_version then
            perform private.refuse('PT409', 'changed_meanwhile',
                jsonb_build_object('version', v_seen.version));
        end if;
        update private.templates as t
        set sealed = p_sealed, version = p_version + 1, written_at = now() where t.id = p_template;
    end if;
    perform private.record('template_kept', 'template', p_template, p_organisation);
    return p_version + 1;
end
$$;
comment on function public.keep_template is
    'Version 0: a new one. Shared: the organisation''s own, by a coordinator; else my own.';

create function public.remove_template(p_template uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_seen private.templates;
begin
    perform private.require_full();
    select t.* into v_seen from private.templates as t where t.id = p_template for update;
    perform private.require_right_to_templates(v_seen.organisation_id, v_seen.owner);
    delete from private.templates as t where t.id = p_template;
    perform private.record('template_removed', 'template', p_template, v_seen.organisation_id);
end
$$;

revoke execute on function
    private.templates_as_json(uuid), public.my_templates(uuid), public.templates_for(uuid),
    private.require_right_to_templates(uuid, uuid),
    public.keep_template(uuid, uuid, boolean, text, integer), public.remove_template(uuid)
    from public, anon, authenticated, service_role;
grant execute on function
    public.my_templates(uuid), public.templates_for(uuid),
    public.keep_template(uuid, uuid, boolean, text, integer), public.remove_template(uuid)
    to authenticated;
