-- The picture on the card of somebody of the staff.
set lock_timeout = '5s';

insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values ('photos', 'photos', false, 40960, array['image/jpeg']);

alter table public.staff_cards add column photo text unique
    constraint photo_lies_in_its_own_folder check (
        photo ~ '^[0-9a-f-]{36}/[0-9a-f-]{36}\.jpg$'
        and split_part(photo, '/', 1) = person_id::text
    );
comment on column public.staff_cards.photo is
    'The object in the bucket photos; another picture is another object, so that its address is new.';

-- A picture is no part of what is typed: whoever has the card open can still save it.
drop trigger staff_cards_count_versions on public.staff_cards;
create trigger staff_cards_count_versions
    before update of pronouns, office_hours, back_on on public.staff_cards
    for each row execute function private.touch();

create function private.my_photo_folder() returns text
language sql stable security definer set search_path = '' as $$
    select me.person_id::text
    from private.sign_ins as me
    where me.user_id = (select auth.uid()) and not private.second_factor_missing() and exists (
        select from private.current_memberships as m
        where m.person_id = me.person_id and m.role <> 'young_person'
    )
$$;
comment on function private.my_photo_folder is
    'Where I keep pictures of myself; null for who is not of the staff.';

create policy "staff can keep pictures of themselves" on storage.objects
    for insert to authenticated with check (
        bucket_id = 'photos' and name ~ '^[0-9a-f-]{36}/[0-9a-f-]{36}\.jpg$'
        and (storage.foldername(name))[1] = (select private.my_photo_folder())
    );

create policy "staff can see the pictures they keep" on storage.objects
    for select to authenticated using (
        bucket_id = 'photos'
        and (storage.foldername(name))[1] = (select private.my_photo_folder())
    );

create policy "staff can take away the pictures they keep" on storage.objects
    for delete to authenticated using (
        bucket_id = 'photos'
        and (storage.foldername(name))[1] = (select private.my_photo_folder())
    );

-- As the reader: whoever can read a card can see the picture it names, and nobody else.
create policy "people can see the picture on a card they can read" on storage.objects
    for select to authenticated using (
        bucket_id = 'photos'
        and exists (select from public.staff_cards as c where c.photo = objects.name)
    );

create function public.set_my_photo(p_photo text) returns text
language plpgsql security definer set search_path = '' as $$
declare
    v_me uuid := private.require_person();
    v_before text;
begin
    if private.my_photo_folder() is null then
        perform private.refuse('PT403', 'not_allowed');
    end if;
    if p_photo is not null and (
        split_part(p_photo, '/', 1) <> v_me::text or not exists (
            select from storage.objects as o where o.bucket_id = 'photos' and o.name = p_photo
        )
    ) then
        perform private.refuse('PT422', 'photo_not_valid');
    end if;
    perform from public.people as p where p.id = v_me for update;
    select c.photo into v_before from public.staff_cards as c where c.person_id = v_me;
    if v_before is not distinct from p_photo then
        return null;
    end if;
    insert into public.staff_cards (person_id, photo) values (v_me, p_photo)
    on conflict (person_id) do update set photo = excluded.photo;
    perform private.record('photo_changed', 'person', v_me, p_fields => array['photo']);
    perform private.hint('person', v_me, private.who_sees(v_me));
    return v_before;
end
$$;
comment on function public.set_my_photo is
    'This object is my picture from now on; null: none. Returns the one before, which nobody needs any more.';

revoke execute on function private.my_photo_folder(), public.set_my_photo(text)
    from public, anon, authenticated, service_role;
grant execute on function private.my_photo_folder(), public.set_my_photo(text) to authenticated;
