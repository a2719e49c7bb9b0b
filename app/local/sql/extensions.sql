-- Schema `extensions` with the part of uuid-ossp and pgcrypto that plain SQL can give. Hosted
-- projects have both extensions installed; the embedded server has neither. All others
-- (citext, pg_trgm, ...) are there to `create extension ... with schema extensions`, as on hosted.

create schema if not exists extensions;
grant usage on schema extensions to anon, authenticated, service_role, dashboard_user;
grant all on schema extensions to postgres;
alter default privileges in schema extensions grant all on tables to postgres with grant option;
alter default privileges in schema extensions grant all on routines to postgres with grant option;

create or replace function extensions.uuid_generate_v4() returns uuid
language sql volatile parallel safe
set search_path = ''
return pg_catalog.gen_random_uuid();

create or replace function extensions.gen_random_bytes(count integer) returns bytea
language plpgsql volatile strict parallel safe
set search_path = ''
as $$
declare
  bytes bytea := '';
begin
  if count < 1 or count > 1024 then
    raise exception using errcode = '39000', message = 'Length not in range';
  end if;
  while pg_catalog.length(bytes) < count loop
    -- Three UUIDs carry 366 random bits; the hash spreads 256 of them over every bit.
    bytes := bytes || pg_catalog.sha256(
      pg_catalog.uuid_send(pg_catalog.gen_random_uuid())
      || pg_catalog.uuid_send(pg_catalog.gen_random_uuid())
      || pg_catalog.uuid_send(pg_catalog.gen_random_uuid())
    );
  end loop;
  return pg_catalog.substring(bytes, 1, count);
end
$$;

create or replace function extensions.digest(data bytea, type text) returns bytea
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  case pg_catalog.lower(type)
    when 'md5' then return pg_catalog.decode(pg_catalog.md5(data), 'hex');
    when 'sha224' then return pg_catalog.sha224(data);
    when 'sha256' then return pg_catalog.sha256(data);
    when 'sha384' then return pg_catalog.sha384(data);
    when 'sha512' then return pg_catalog.sha512(data);
    else
      raise exception using
        errcode = '22023',
        message = pg_catalog.format('Cannot use "%s": No such hash algorithm', type);
  end case;
end
$$;

create or replace function extensions.digest(data text, type text) returns bytea
language sql immutable strict parallel safe
set search_path = ''
return extensions.digest(pg_catalog.convert_to(data, 'UTF8'), type);
