-- Threads of messages between a young person and who helps them. The words are sealed by the app: the
-- database never sees one.
set lock_timeout = '5s';

create function private.is_sealed(p_text text) returns boolean
language sql immutable set search_path = '' as $$
    select p_text ~ '^s1\.[a-z0-9]{1,16}\.[A-Za-z0-9_-]{54}\.[A-Za-z0-9_-]{38,}$'
        and octet_length(p_text) <= 110000
$$;
comment on function private.is_sealed is
    'Whether a text has the shape of what app/core/seal.py makes; 110,000 bytes hold 20,000 characters of any script.';

create domain private.sealed as text constraint sealed_shape check (private.is_sealed(value));

create table private.threads (
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references public.organisations (id) on delete restrict,
    young_person_id uuid not null references public.people (id) on delete restrict,
    kind text not null check (kind in ('key_worker', 'mentor')),
    last_seq bigint not null default 0 check (last_seq >= 0),
    last_at timestamptz,
    waiting_since timestamptz,
    settled_seq bigint not null default 0 check (settled_seq between 0 and last_seq),
    made_at timestamptz not null default now(),
    constraint one_thread_of_a_kind unique (young_person_id, organisation_id, kind)
) with (fillfactor = 80);
comment on table private.threads is
    'Who takes part follows from the team and is never copied here. No role reads these tables: functions '
    'check who asks, and log what staff read.';
comment on column private.threads.waiting_since is
    'When the oldest message of the young person came that nobody has answered; null when none waits.';
comment on column private.threads.settled_seq is 'Up to here somebody who helps said: this needs no answer.';
create index threads_by_organisation on private.threads (organisation_id);

create table private.messages (
    thread_id uuid not null references private.threads (id) on delete restrict,
    seq bigint not null check (seq > 0),
    id uuid not null default gen_random_uuid(),
    client_id uuid not null,
    author uuid not null references public.people (id) on delete restrict,
    by_stand_in boolean not null,
    -- The clock and not the transaction's time: who waited for the thread comes after who held it.
    sent_at timestamptz not null default clock_timestamp(),
    reply_to bigint check (reply_to between 1 and seq - 1),
    primary key (thread_id, seq),
    constraint one_message_of_an_id unique (id),
    constraint sent_once unique (thread_id, client_id)
);
comment on table private.messages is 'Append-only. The order is seq; client_id was made by whoever typed it.';
comment on column private.messages.reply_to is 'The seq of a message of the same thread.';
create index messages_by_author on private.messages (author, sent_at);

create table private.message_versions (
    thread_id uuid not null,
    seq bigint not null,
    version smallint not null check (version between 1 and 20),
    sealed private.sealed,
    key_id text generated always as (split_part(sealed, '.', 2)) stored,
    written_at timestamptz not null default clock_timestamp(),
    primary key (thread_id, seq, version),
    foreign key (thread_id, seq) references private.messages (thread_id, seq) on delete restrict
);
comment on table private.message_versions is
    'The newest version is what is read. Null in place of its text: taken back; the versions before stay sealed '
    'here as long as the thread is kept.';
create index message_versions_by_key on private.message_versions (key_id);

create table private.thread_marks (
    thread_id uuid not null references private.threads (id) on delete cascade,
    person_id uuid not null references public.people (id) on delete cascade,
    delivered_seq bigint not null default 0,
    read_seq bigint not null default 0,
    primary key (thread_id, person_id),
    constraint what_is_read_was_delivered check (read_seq between 0 and delivered_seq)
) with (fillfactor = 80);
create index thread_marks_by_person on private.thread_marks (person_id);

create table private.receipts_off (
    person_id uuid primary key references public.people (id) on delete cascade
);
comment on table private.receipts_off is
    'Who neither shows what was delivered to them and read, nor sees it of others.';

create table private.drafts (
    thread_id uuid not null references private.threads (id) on delete cascade,
    person_id uuid not null references public.people (id) on delete cascade,
    sealed private.sealed not null,
    key_id text generated always as (split_part(sealed, '.', 2)) stored,
    written_at timestamptz not null default now(),
    primary key (thread_id, person_id)
);
create index drafts_by_person on private.drafts (person_id);
create index drafts_by_key on private.drafts (key_id);

create function private.refuse_change_of_words() returns trigger
language plpgsql set search_path = '' as $$
begin
    perform private.refuse('PT403', 'append_only');
    return null;
end
$$;
create trigger messages_never_change before update or delete on private.messages
    for each statement execute function private.refuse_change_of_words();
create trigger messages_are_never_emptied before truncate on private.messages
    for each statement execute function private.refuse_change_of_words();
-- Another key may seal the same words anew; nothing else changes.
create trigger versions_never_change before update on private.message_versions
    for each row when (
        (new.thread_id, new.seq, new.version, new.written_at)
            is distinct from (old.thread_id, old.seq, old.version, old.written_at)
        or new.sealed is null or old.sealed is null
    ) execute function private.refuse_change_of_words();
create trigger versions_never_go before delete or truncate on private.message_versions
    for each statement execute function private.refuse_change_of_words();
alter table private.messages enable always trigger messages_never_change;
alter table private.messages enable always trigger messages_are_never_emptied;
alter table private.message_versions enable always trigger versions_never_change;
alter table private.message_versions enable always trigger versions_never_go;

create function private.thread_kind_of(p_part text) returns text
language sql immutable set search_path = '' as $$
    select case when p_part in ('key_worker', 'stand_in') then 'key_worker' when p_part = 'mentor' then 'mentor' end
$$;
comment on function private.thread_kind_of is 'In which kind of thread a part in a team takes part; null: in none.';

create function private.begin_threads() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    insert into private.threads (organisation_id, young_person_id, kind)
    select new.organisation_id, new.young_person_id, private.thread_kind_of(new.part)
    where private.thread_kind_of(new.part) is not null
    on conflict do nothing;
    return null;
end
$$;
create trigger team_members_begin_threads after insert on public.team_members
    for each row execute function private.begin_threads();
insert into private.threads (organisation_id, young_person_id, kind)
select distinct t.organisation_id, t.young_person_id, private.thread_kind_of(t.part)
from public.team_members as t where private.thread_kind_of(t.part) is not null;

alter table private.threads enable row level security;
alter table private.threads force row level security;
alter table private.messages enable row level security;
alter table private.messages force row level security;
alter table private.message_versions enable row level security;
alter table private.message_versions force row level security;
alter table private.thread_marks enable row level security;
alter table private.thread_marks force row level security;
alter table private.receipts_off enable row level security;
alter table private.receipts_off force row level security;
alter table private.drafts enable row level security;
alter table private.drafts force row level security;
revoke all on
    private.threads, private.messages, private.message_versions, private.thread_marks,
    private.receipts_off, private.drafts
    from public, anon, authenticated, service_role;
revoke execute on function
    private.is_sealed(text), private.refuse_change_of_words(), private.thread_kind_of(text),
    private.begin_threads()
    from public, anon, authenticated, service_role;
