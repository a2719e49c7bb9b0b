-- One row of the access log for one opening of a page, however often the screen refreshes itself.
set lock_timeout = '5s';

create or replace function private.log_access(
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
