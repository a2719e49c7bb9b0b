-- Content-free live signals: "something of this kind changed, these people may look again".
set lock_timeout = '5s';

create table private.hints (
    id bigint generated always as identity primary key,
    -- The transaction, not a number or a time: those can become visible out of order.
    xid xid8 not null default pg_current_xact_id(),
    at timestamptz not null default now(),
    kind text not null check (kind ~ '^[a-z][a-z_]{1,39}$'),
    ref uuid,
    people uuid[] not null check (cardinality(people) > 0)
);
comment on table private.hints is 'What was sent in the last day, for those who missed a message.';
create index hints_by_transaction on private.hints (xid);
create index hints_by_age on private.hints (at);

alter table private.hints enable row level security;
alter table private.hints force row level security;

create sequence private.beats as smallint minvalue 0 maxvalue 15 start 0 cycle;

revoke all on private.hints from public, anon, authenticated, service_role;
revoke all on sequence private.beats from public, anon, authenticated, service_role;

create function private.send_hint(
    p_shard integer, p_id bigint, p_kind text, p_ref uuid, p_to uuid[]
) returns void
language sql set search_path = '' as $$
    select realtime.send(
        jsonb_build_object('id', p_id, 'kind', p_kind, 'ref', p_ref, 'to', p_to),
        'hint', 'hints:' || p_shard, true
    )
$$;

create function private.hint(p_kind text, p_ref uuid, p_people uuid[]) returns void
language sql security definer set search_path = '' as $$
    with heard as (
        select distinct someone from unnest(p_people) as someone where someone is not null
    ),
    numbered as (
        select someone, (row_number() over (order by someone) - 1) / 100 as part from heard
    ),
    logged as (
        insert into private.hints (kind, ref, people)
        select p_kind, p_ref, array_agg(someone) from heard having count(*) > 0
        returning id
    )
    select private.send_hint(
        coalesce(get_byte(uuid_send(p_ref), 15) & 15, 0), logged.id, p_kind, p_ref, array_agg(someone)
    )
    from numbered cross join logged group by logged.id, part
$$;
comment on function private.hint is
    'Logs one hint and sends it to its shard (by ref, 16 of them), 100 people a message, all with the '
    'log''s id, by which a listener knows what it has heard before. Call it once per statement.';

create function public.machine_beat() returns void
language plpgsql security definer set search_path = '' as $$
begin
    perform private.require_machine('jobs');
    perform private.send_hint(nextval('private.beats')::integer, null, 'beat', null, '{}');
end
$$;
comment on function public.machine_beat is 'Sends a hint of kind beat to nobody, on each shard in turn.';

create function public.machine_changes_since(p_cursor text) returns json
language plpgsql stable security definer set search_path = '' as $$
declare
    v_xid xid8;
    v_asked timestamptz;
begin
    perform private.require_machine('live');
    if p_cursor !~ '^[0-9]{1,18}[.][0-9]{1,11}$' then
        perform private.refuse('PT422', 'cursor_not_valid');
    end if;
    v_xid := split_part(p_cursor, '.', 1)::xid8;
    v_asked := to_timestamp(split_part(p_cursor, '.', 2)::bigint);
    return (
        with here as (select pg_current_snapshot() as snapshot),
        missed as (
            select h.id, h.kind, h.ref, h.people from private.hints as h
            where h.xid >= v_xid order by h.id limit 1001
        ),
        verdict as (
            select coalesce(
                v_asked < now() - interval '20 hours'
                or v_xid > pg_snapshot_xmax(here.snapshot)
                or (select count(*) from missed) > 1000,
                false
            ) as too_much, here.snapshot from here
        )
        select json_build_object(
            'cursor', pg_snapshot_xmin(v.snapshot) || '.' || extract(epoch from now())::bigint,
            'everything', v.too_much,
            'hints', coalesce((
                select json_agg(json_build_object(
                    'id', m.id, 'kind', m.kind, 'ref', m.ref, 'to', m.people
                ) order by m.id)
                from missed as m where not v.too_much
            ), '[]')
        ) from verdict as v
    );
end
$$;
comment on function public.machine_changes_since is
    'Hints of every transaction that the cursor''s snapshot could not see: none is missed, some may come twice. '
    'Null: from now on. everything = true: the cursor is too old (20 h) or too much happened (1,000); refresh all.';

revoke execute on function
    private.send_hint(integer, bigint, text, uuid, uuid[]), private.hint(text, uuid, uuid[]),
    public.machine_beat(), public.machine_changes_since(text)
    from public, anon, authenticated, service_role;
grant execute on function public.machine_beat(), public.machine_changes_since(text) to authenticated;

create policy "the live machine account hears hints" on realtime.messages
    for select to authenticated using (
        extension = 'broadcast'
        and (select realtime.topic()) ~ '^hints:(1[0-5]|[0-9])$'
        and (select private.my_machine_kind()) = 'live'
    );
