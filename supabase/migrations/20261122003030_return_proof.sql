-- Being trusted before the 72 hours are over: by the old way in, which only they can know.
set lock_timeout = '5s';

create table private.proof_tries (
    user_id uuid primary key references auth.users (id) on delete cascade,
    tries smallint not null check (tries between 1 and 5),
    since timestamptz not null default now()
);
comment on table private.proof_tries is 'How often a sign-in tried an old way in, in the hour since.';

alter table private.proof_tries enable row level security;
alter table private.proof_tries force row level security;
revoke all on private.proof_tries from public, anon, authenticated, service_role;

create function public.begin_proof() returns uuid[]
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_person();
    v_user uuid := private.require_user();
begin
    if private.is_full() then
        return '{}';
    end if;
    delete from private.proof_tries as p
    where p.user_id = v_user and p.since <= now() - interval '1 hour';
    insert into private.proof_tries as p (user_id, tries) values (v_user, 1)
    on conflict (user_id) do update set tries = p.tries + 1 where p.tries < 5;
    if not found then
        perform private.refuse('PT403', 'too_many_tries');
    end if;
    perform private.record('proof_tried', 'person', v_me);
    return array(
        select s.user_id from private.sign_ins as s
        where s.person_id = v_me and s.full_from <= now() order by s.created_at, s.user_id
    );
end
$$;
comment on function public.begin_proof is
    'Counts one try (five an hour) and names my old sign-ins, whose secret is to be tried; none when I am full.';

create function public.vouch_for(p_user uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_full();
begin
    if not exists (
        select from private.sign_ins as s where s.user_id = p_user and s.person_id = v_me
    ) then
        perform private.refuse('PT404', 'not_found');
    end if;
    update private.sign_ins as s set full_from = now()
    where s.user_id = p_user and s.person_id = v_me and s.full_from > now();
    if not found then
        return;
    end if;
    delete from private.proof_tries as p where p.user_id = p_user;
    update private.notices as n set seen_at = now()
    from private.returns as r
    where r.user_id = p_user and n.person_id = v_me and n.ref = r.id and n.seen_at is null;
    perform private.record('return_proven', 'person', v_me);
    perform private.hint('person', v_me, array[v_me]);
end
$$;
comment on function public.vouch_for is
    'An old sign-in says of a new one of the same person: this is me. The new one is full from now on.';

revoke execute on function public.begin_proof(), public.vouch_for(uuid)
    from public, anon, authenticated, service_role;
grant execute on function public.begin_proof(), public.vouch_for(uuid) to authenticated;
