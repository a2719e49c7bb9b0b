-- What every later migration stands on: the private schema, how functions refuse, and what may
-- be stored as a name, a language or a time zone.
set lock_timeout = '5s';

create extension if not exists btree_gist with schema extensions;

create schema private;
comment on schema private is
    'Never exposed over HTTP. No role but the owner may use it; policies and public functions reach into it.';
revoke all on schema private from public;

-- PostgreSQL lets everybody execute a new function. Here nothing is open until a migration says so.
alter default privileges revoke execute on functions from public;
alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;
alter default privileges in schema public revoke execute on functions from anon, authenticated, service_role;

create function private.refuse(p_status text, p_code text, p_fields jsonb default '{}') returns void
language plpgsql set search_path = '' as $$
begin
    raise exception using
        errcode = p_status,
        message = p_code,
        detail = case when p_fields = '{}' then '' else p_fields::text end;
end
$$;
comment on function private.refuse is
    'Ends the call with HTTP status PTnnn, a snake_case code and fields. Never text for people, never ids of others.';

create function private.hides_something(p_text text) returns boolean
language sql immutable set search_path = '' as $$
    select p_text ~ (
        '[\u0001-\u001F\u007F-\u009F'        -- control characters
        || '\u202A-\u202E\u2066-\u2069'      -- bidirectional embeddings, overrides, isolates
        || '\u200B\u2028\u2029\u2060-\u2065\u206A-\u206F\uFEFF\uFFF9-\uFFFB'  -- invisible
        || '\U000E0000-\U000E0FFF]'          -- tags
    )
$$;
comment on function private.hides_something is
    'True when a text holds characters that can make it look like another one. Joiners stay: Persian and emoji need them.';

create function private.shows_something(p_text text) returns boolean
language sql immutable set search_path = '' as $$
    select p_text ~ '[^\u0020\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u202F\u205F\u2800\u3000\u3164\uFE00-\uFE0F\uFFA0]'
$$;

create function private.trimmed(p_text text) returns text
language sql immutable set search_path = '' as $$
    select btrim(p_text, E' \t\r\n\u00A0\u2002\u2003\u2009\u202F\u3000')
$$;

create domain private.name as text
    constraint name_length check (char_length(value) between 1 and 80)
    constraint name_is_trimmed check (value = private.trimmed(value))
    constraint name_is_normal check (value is nfc normalized)
    constraint name_hides_nothing check (not private.hides_something(value))
    constraint name_shows_something check (private.shows_something(value));

create domain private.language as text
    constraint language_shape check (value ~ '^[a-z]{2,3}([_-][A-Za-z0-9]{1,8}){0,2}$');
comment on domain private.language is 'A catalogue''s language: en, ckb, fa_AF.';

-- Digits are left out: with them PostgreSQL would read an unknown name as a POSIX offset.
create domain private.time_zone as text
    constraint time_zone_shape check (value ~ '^(UTC|[A-Z][A-Za-z]{1,15}(/[A-Z][A-Za-z_-]{1,30}){1,2})$');
comment on domain private.time_zone is 'An IANA name of a place, Europe/Berlin. Functions check it with private.checked_time_zone.';

create function private.checked_name(p_text text, p_field text) returns text
language plpgsql immutable set search_path = '' as $$
declare
    v_name text := normalize(private.trimmed(p_text), nfc);
    v_problem text := case
        when v_name is null then 'missing'
        when v_name = '' or not private.shows_something(v_name) then 'empty'
        when char_length(v_name) > 80 then 'too_long'
        when private.hides_something(v_name) then 'hidden_characters'
    end;
begin
    if v_problem is not null then
        perform private.refuse('PT422', 'name_not_valid',
            jsonb_build_object('field', p_field, 'problem', v_problem, 'longest', 80));
    end if;
    return v_name;
end
$$;

create function private.checked_language(p_language text) returns text
language plpgsql immutable set search_path = '' as $$
begin
    if (p_language ~ '^[a-z]{2,3}([_-][A-Za-z0-9]{1,8}){0,2}$') is not true then
        perform private.refuse('PT422', 'language_not_valid');
    end if;
    return p_language;
end
$$;

create function private.checked_time_zone(p_time_zone text) returns text
language plpgsql stable set search_path = '' as $$
begin
    -- The list of names costs some 30 ms to read, so garbage is turned away by its shape.
    if (p_time_zone ~ '^(UTC|[A-Z][A-Za-z]{1,15}(/[A-Z][A-Za-z_-]{1,30}){1,2})$') is not true
        or not exists (select from pg_catalog.pg_timezone_names as z where z.name = p_time_zone)
    then
        perform private.refuse('PT422', 'time_zone_not_valid');
    end if;
    return p_time_zone;
end
$$;

create function private.touch() returns trigger
language plpgsql set search_path = '' as $$
begin
    new.version := old.version + 1;
    new.updated_at := now();
    return new;
end
$$;
comment on function private.touch is
    'Counts the version of an editable row, so that an update can name the version it saw.';

revoke execute on all functions in schema private from public, anon, authenticated, service_role;
