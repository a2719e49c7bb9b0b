-- Memberships that end at the same moment. now() is when a transaction began: one that waited for
-- another would still count as current what the other has just ended.
set lock_timeout = '5s';

create function private.is_current(p_since timestamptz, p_until timestamptz) returns boolean
language sql volatile set search_path = '' as $$
    select p_since <= clock_timestamp() and (p_until is null or p_until > clock_timestamp())
$$;
comment on function private.is_current is
    'At this very moment, for decisions behind a lock; reads take private.current_memberships.';

create or replace function private.is_last_administrator(p_membership uuid) returns boolean
language sql stable set search_path = '' as $$
    select m.role = 'administrator' and not exists (
        select from public.memberships as other
        where other.organisation_id = m.organisation_id
            and other.role = 'administrator' and other.id <> m.id
            and private.is_current(other.since, other.until)
    )
    from public.memberships as m where m.id = p_membership and private.is_current(m.since, m.until)
$$;

revoke execute on function private.is_current(timestamptz, timestamptz)
    from public, anon, authenticated, service_role;
