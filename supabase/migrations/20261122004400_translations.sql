-- Texts of messages in other languages, made by a machine, and whether an organisation wants that.
set lock_timeout = '5s';

create table private.translating (
    organisation_id uuid primary key references public.organisations (id) on delete cascade,
    place text not null check (place ~ '^[a-z0-9.:-]{1,253}$'),
    agreed_at timestamptz not null default now()
);
comment on table private.translating is
    'Which organisations let texts leave for the translator at this host; another host has to be agreed to anew.';

create table private.translations (
    thread_id uuid not null,
    seq bigint not null,
    version smallint not null,
    language private.language not null,
    sealed private.sealed not null,
    key_id text generated always as (split_part(sealed, '.', 2)) stored,
    asked_by uuid not null references public.people (id) on delete restrict,
    asked_at timestamptz not null default now(),
    wrong_at timestamptz,
    primary key (thread_id, seq, version, language),
    -- With the message they go when its time is over.
    foreign key (thread_id, seq) references private.messages (thread_id, seq) on delete cascade
);
comment on table private.translations is 'Each belongs to one version of a message. wrong_at: somebody said it is wrong.';
create index translations_by_asker on private.translations (asked_by, asked_at);
create index translations_by_key on private.translations (key_id);

create function private.words_around(p_thread private.threads, p_way private.thread_way) returns json
language sql stable set search_path = '' as $$
    select json_build_object(
        'place', (
            select t.place from private.translating as t where t.organisation_id = p_thread.organisation_id
        ),
        -- A mentor does not learn the language of a young person.
        'language', case when p_way.way is distinct from 'mentor' then (
            select p.language from public.people as p
            where p.id = case when p_way.way = 'own' then (private.helpers_in(
                p_thread.organisation_id, p_thread.young_person_id, p_thread.kind
            ))[1] else p_thread.young_person_id end
        ) end
    )
$$;
comment on function private.words_around is
    'The host that the organisation lets texts leave for, and the language of the other side.';

create function private.translatable(
    p_message uuid, p_version integer, out thread private.threads, out seq bigint
)
language plpgsql stable set search_path = '' as $$
declare
    v_message private.messages;
    v_version record;
    v_seen record;
begin
    select m.* into v_message from private.messages as m where m.id = p_message;
    v_seen := private.readable_thread(v_message.thread_id);
    if not private.may_write(v_seen.way) then
        perform private.refuse('PT403', 'read_only');
    end if;
    select v.version, v.sealed into v_version from private.message_versions as v
    where v.thread_id = v_message.thread_id and v.seq = v_message.seq order by v.version desc limit 1;
    if v_version.sealed is null then
        perform private.refuse('PT409', 'taken_back');
    elsif v_version.version is distinct from p_version then
        perform private.refuse('PT409', 'changed_meanwhile',
            jsonb_build_object('version', v_version.version));
    end if;
    thread := v_seen.thread;
    seq := v_message.seq;
end
$$;
comment on function private.translatable is 'A message of a thread in which I write, as I saw it.';

create function public.may_translate(p_message uuid, p_version integer, p_place text) returns void
language plpgsql stable security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_seen record := private.translatable(p_message, p_version);
begin
    if not exists (
        select from private.translating as t
        where t.organisation_id = (v_seen.thread).organisation_id and t.place = p_place
    ) then
        perform private.refuse('PT403', 'not_translating');
    end if;
    if (
        select count(*) from private.translations as t
        where t.asked_by = v_me and t.asked_at > now() - interval '1 hour'
    ) >= 60 then
        perform private.refuse('PT422', 'too_many_translations', '{"most": 60, "minutes": 60}');
    end if;
end
$$;
comment on function public.may_translate is 'Asked before the text of a message leaves for the translator at this host.';

create function public.keep_translation(
    p_message uuid, p_version integer, p_language text, p_sealed text
) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_seen record := private.translatable(p_message, p_version);
begin
    perform private.require_sealed(p_sealed);
    insert into private.translations as t (thread_id, seq, version, language, sealed, asked_by)
    values ((v_seen.thread).id, v_seen.seq, p_version, private.checked_language(p_language), p_sealed, v_me)
    on conflict (thread_id, seq, version, language) do update
    set sealed = excluded.sealed, asked_by = v_me, asked_at = now(), wrong_at = null
    where t.wrong_at is not null;
    perform private.hint('messages', (v_seen.thread).id, array[v_me]);
end
$$;
comment on function public.keep_translation is 'The first one stays, until somebody said that it is wrong.';

create function public.say_translation_wrong(p_message uuid, p_version integer, p_language text) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
    v_seen record := private.translatable(p_message, p_version);
begin
    update private.translations as t set wrong_at = now()
    where t.thread_id = (v_seen.thread).id and t.seq = v_seen.seq and t.version = p_version
        and t.language = p_language and t.wrong_at is null;
    perform private.hint('messages', (v_seen.thread).id, array[v_me]);
end
$$;
comment on function public.say_translation_wrong is 'It is not shown any more.';

create function public.translating_of(p_organisation uuid) returns json
language plpgsql stable security definer set search_path = '' as $$
begin
    perform private.require_cleared_role(p_organisation, 'administrator');
    return json_build_object('place', (
        select t.place from private.translating as t where t.organisation_id = p_organisation
    ));
end
$$;
comment on function public.translating_of is 'The place (host) that texts may leave for; null: none.';

create function public.set_translating(p_organisation uuid, p_place text) returns void
language plpgsql security definer set search_path = '' as $$
begin
    perform private.require_cleared_role(p_organisation, 'administrator');
    if p_place is null then
        delete from private.translating as t where t.organisation_id = p_organisation;
    elsif p_place !~ '^[a-z0-9.:-]{1,253}$' then
        perform private.refuse('PT422', 'not_valid', jsonb_build_object('field', 'place'));
    else
        insert into private.translating (organisation_id, place) values (p_organisation, p_place)
        on conflict (organisation_id) do update set place = excluded.place, agreed_at = now();
    end if;
    perform private.record(
        'translating_set', 'organisation', p_organisation, p_organisation, '{translating}'
    );
end
$$;
comment on function public.set_translating is
    'By a cleared administrator: texts may leave for the translator at this host; null: none may.';

alter table private.translating enable row level security;
alter table private.translating force row level security;
alter table private.translations enable row level security;
alter table private.translations force row level security;
revoke all on private.translating, private.translations from public, anon, authenticated, service_role;
revoke execute on function
    private.words_around(private.threads, private.thread_way), private.translatable(uuid, integer),
    public.may_translate(uuid, integer, text), public.keep_translation(uuid, integer, text, text),
    public.say_translation_wrong(uuid, integer, text), public.translating_of(uuid),
    public.set_translating(uuid, text)
    from public, anon, authenticated, service_role;
grant execute on function
    public.may_translate(uuid, integer, text), public.keep_translation(uuid, integer, text, text),
    public.say_translation_wrong(uuid, integer, text), public.translating_of(uuid),
    public.set_translating(uuid, text)
    to authenticated;
