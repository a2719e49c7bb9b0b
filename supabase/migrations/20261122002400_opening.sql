-- Who opened a young person's page, for ever; and the pages and lists of people.
set lock_timeout = '5s';

create table private.access_log (
    organisation_id uuid not null,
    number bigint not null check (number > 0),
    at timestamptz not null,
    reader_person uuid not null,
    reader_membership uuid not null,
    reader_role text not null,
    young_person_id uuid not null,
    what text not null check (what in ('person')),
    previous_hash bytea not null,
    hash bytea not null check (length(hash) = 32),
    primary key (organisation_id, number)
);
comment on table private.access_log is
    'Append-only, one chain for each organisation: every row holds the hash of the one before. No foreign '
    'keys: a row outlives what it speaks of.';
create index access_log_by_young_person on private.access_log (young_person_id, at);

create table private.access_chains (
    organisation_id uuid primary key,
    length bigint not null default 0 check (length >= 0),
    hash bytea not null default ''
);
comment on table private.access_chains is 'Where each chain ends; its row is the lock of who adds to it.';

create trigger access_log_rows_never_change
    before update or delete on private.access_log
    for each statement execute function private.refuse_change_of_audit();
create trigger access_log_is_never_emptied
    before truncate on private.access_log
    for each statement execute function private.refuse_change_of_audit();
alter table private.access_log enable always trigger access_log_rows_never_change;
alter table private.access_log enable always trigger access_log_is_never_emptied;

alter table private.access_log enable row level security;
alter table private.access_log force row level security;
alter table private.access_chains enable row level security;
alter table private.access_chains force row level security;
revoke all on private.access_log, private.access_chains from public, anon, authenticated, service_role;

create function private.access_hash(p_row private.access_log) returns bytea
language sql stable set search_path = '' as $$
    select sha256(convert_to(jsonb_build_array(
        p_row.organisation_id, p_row.number, extract(epoch from p_row.at), p_row.reader_person,
        p_row.reader_membership, p_row.reader_role, p_row.young_person_id, p_row.what,
        encode(p_row.previous_hash, 'hex')
    )::text, 'UTF8'))
$$;

create function private.log_access(
    p_organisation uuid, p_membership uuid, p_role text, p_young_person uuid, p_what text
) returns void
language plpgsql set search_path = '' as $$
declare
    v_chain private.access_chains;
    v_row private.access_log;
begin
    insert into private.access_chains (organisation_id) values (p_organisation) on conflict do nothing;
    select c.* into strict v_chain from private.access_chains as c
    where c.organisation_id = p_organisation for update;
    -- Behind the lock: of two readings at once the second sees the row of the first.
    if p_what in ('person', 'needs', 'contacts') and exists (
        select from private.access_log as l
        where l.young_person_id = p_young_person and l.at > clock_timestamp() - interval '10 minutes'
            and l.organisation_id = p_organisation and l.what = p_what
            and l.reader_person = private.my_person()
            and l.reader_membership = p_membership and l.reader_role = p_role
    ) then
        return;
    end if;
    v_row := row(
        p_organisation, v_chain.length + 1, clock_timestamp(), private.my_person(), p_membership, p_role,
        p_young_person, p_what, v_chain.hash, null
    )::private.access_log;
    v_row.hash := private.access_hash(v_row);
    insert into private.access_log select v_row.*;
    update private.access_chains as c set length = v_row.number, hash = v_row.hash
    where c.organisation_id = p_organisation;
end
$$;
comment on function private.log_access is
    'A page that the same person reads again within ten minutes was opened once: the row of before stands for it.';

create function private.access_log_is_whole(p_organisation uuid) returns boolean
language sql stable set search_path = '' as $$
    with chain as (
        select
            l.hash, row_number() over in_order as place,
            l.number = row_number() over in_order
                and l.previous_hash = lag(l.hash, 1, ''::bytea) over in_order
                and l.hash = private.access_hash(l) as holds
        from private.access_log as l where l.organisation_id = p_organisation
        window in_order as (order by l.number)
    )
    select coalesce(bool_and(chain.holds), true)
        and count(*) = coalesce((
            select c.length from private.access_chains as c where c.organisation_id = p_organisation
        ), 0)
        and coalesce((array_agg(chain.hash order by chain.place desc))[1], '') = coalesce((
            select c.hash from private.access_chains as c where c.organisation_id = p_organisation
        ), '')
    from chain
$$;
comment on function private.access_log_is_whole is
    'False when a row was changed, put in, or taken out, the last ones too.';

revoke execute on function
    private.access_hash(private.access_log), private.access_log_is_whole(uuid),
    private.log_access(uuid, uuid, text, uuid, text)
    from public, anon, authenticated, service_role;
