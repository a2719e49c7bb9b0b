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

create or replace function private.shut_out(p_person uuid) returns void
language plpgsql set search_path = '' as $$
begin
    -- One at a time for a person: else each of two would see the other's membership and leave.
    perform from public.people as p where p.id = p_person for no key update;
    if exists (
        select from public.memberships as m
        where m.person_id = p_person and private.is_current(m.since, m.until)
    ) then
        return;
    end if;
    perform private.drop_devices(array(
        select d.id from private.devices as d
        join private.sign_ins as s on s.user_id = d.user_id where s.person_id = p_person
    ));
    delete from private.bindings as b using private.sign_ins as s
    where s.user_id = b.user_id and s.person_id = p_person;
    delete from private.codes as c where c.person_id = p_person;
end
$$;

revoke execute on function private.is_current(timestamptz, timestamptz)
    from public, anon, authenticated, service_role;
