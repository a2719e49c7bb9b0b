-- What we must tell a person. It stays until they have seen it.
set lock_timeout = '5s';

create table private.notices (
    id uuid primary key default gen_random_uuid(),
    person_id uuid not null references public.people (id) on delete cascade,
    kind text not null check (kind in (
        'return_code_made', 'return_code_used', 'return_code_objected', 'page_opened'
    )),
    ref uuid,
    made_by uuid references public.people (id) on delete set null,
    words jsonb not null default '{}'
        check (jsonb_typeof(words) = 'object' and octet_length(words::text) <= 1000),
    created_at timestamptz not null default clock_timestamp(),
    seen_at timestamptz
);
comment on table private.notices is
    'words: code words, ids and times that the sentence of this kind needs; about: the id of a person.';
create index notices_by_person on private.notices (person_id, created_at);
create index notices_by_maker on private.notices (made_by);

alter table private.notices enable row level security;
alter table private.notices force row level security;
revoke all on private.notices from public, anon, authenticated, service_role;

create function private.tell(
    p_person uuid, p_kind text, p_ref uuid, p_made_by uuid, p_words jsonb default '{}'
) returns void
language plpgsql set search_path = '' as $$
begin
    delete from private.notices as n
    where n.person_id = p_person and n.seen_at < now() - interval '90 days';
    insert into private.notices (person_id, kind, ref, made_by, words)
    values (p_person, p_kind, p_ref, p_made_by, p_words);
    perform private.hint('person', p_person, array[p_person]);
end
$$;
comment on function private.tell is
    'Puts a notice before this person, on every device at once. ref: what it speaks of; made_by: who did it.';

create function private.require_full() returns uuid
language plpgsql stable set search_path = '' as $$
declare
    v_person uuid := private.require_person();
begin
    if not private.is_full() then
        perform private.refuse('PT403', 'not_full_yet');
    end if;
    return v_person;
end
$$;
comment on function private.require_full is 'My person, unless I got back in by a code and still wait.';

create function public.my_notices() returns json
language plpgsql stable security definer set search_path = '' as $$
declare
    v_me uuid := private.require_person();
begin
    if not private.is_full() then
        return json_build_object(
            'full_from', (select s.full_from from private.sign_ins as s where s.user_id = auth.uid()),
            'notices', '[]'::json
        );
    end if;
    return (
        select json_build_object('full_from', null, 'notices', coalesce(json_agg(json_build_object(
            'id', n.id, 'kind', n.kind, 'ref', n.ref, 'words', n.words, 'created_at', n.created_at,
            'made_by', (select p.name from public.people as p where p.id = n.made_by),
            'about', (select p.name from public.people as p where p.id::text = n.words ->> 'about')
        ) order by n.created_at desc, n.id), '[]'))
        from (
            select u.* from private.notices as u
            where u.person_id = v_me and u.seen_at is null
                -- Names of others are for who may see them today.
                and (u.kind <> 'return_code_objected' or u.made_by in (select private.my_people()))
            order by u.created_at desc, u.id limit 50
        ) as n
    );
end
$$;
comment on function public.my_notices is
    'What I have not seen yet, the newest first. Who got back in by a code and still waits gets none, but '
    'full_from: until when.';

create function public.see_notice(p_notice uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
begin
    update private.notices as n set seen_at = coalesce(n.seen_at, now())
    where n.id = p_notice and n.person_id = v_me;
    if not found then
        perform private.refuse('PT404', 'not_found');
    end if;
    perform private.hint('person', v_me, array[v_me]);
end
$$;

revoke execute on function
    private.tell(uuid, text, uuid, uuid, jsonb), private.require_full(),
    public.my_notices(), public.see_notice(uuid)
    from public, anon, authenticated, service_role;
grant execute on function public.my_notices(), public.see_notice(uuid) to authenticated;
-- Policies run it as the person who asks.
grant execute on function private.is_full() to authenticated;
