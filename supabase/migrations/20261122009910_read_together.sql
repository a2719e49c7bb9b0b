-- Several reads of a screen in one call.
set lock_timeout = '5s';

create function public.read_together(p_calls jsonb) returns json
language plpgsql set search_path = '' as $$
declare
    v_call jsonb;
    v_value json;
    v_answers json[] := '{}';
    v_code text;
    v_message text;
    v_details text;
begin
    if p_calls is null then
        raise exception using errcode = 'PT422', message = 'missing', detail = '{"field": "calls"}';
    end if;
    for v_call in select c.value from jsonb_array_elements(p_calls) as c limit 20 loop
        -- What one of them refuses must not take the others along.
        begin
            case v_call ->> 'name'
                when 'my_home' then v_value := public.my_home(v_call #>> '{arguments,cookie_hash}');
                when 'my_notices' then v_value := public.my_notices();
                when 'my_team' then v_value := public.my_team();
                when 'my_threads' then v_value := public.my_threads();
                when 'unread_messages' then v_value := to_json(public.unread_messages());
                when 'my_young_people' then v_value := public.my_young_people();
                when 'unowned_young_people' then
                    v_value := public.unowned_young_people(
                        (v_call #>> '{arguments,organisation}')::uuid,
                        (v_call #>> '{arguments,after}')::timestamptz,
                        (v_call #>> '{arguments,after_person}')::uuid
                    );
                when 'my_alerts' then
                    v_value := public.my_alerts((v_call #>> '{arguments,organisation}')::uuid);
                when 'open_agreement' then
                    v_value := public.open_agreement(
                        (v_call #>> '{arguments,organisation}')::uuid,
                        (v_call #>> '{arguments,young_person}')::uuid
                    );
            end case;
            v_answers := v_answers || json_build_object('value', v_value);
        exception when others then
            get stacked diagnostics v_code = returned_sqlstate,
                v_message = message_text, v_details = pg_exception_detail;
            v_answers := v_answers || json_build_object(
                'code', v_code, 'message', v_message, 'details', v_details
            );
        end;
    end loop;
    return array_to_json(v_answers);
end
$$;
comment on function public.read_together is
    'Calls [{"name": …, "arguments": {…}}], at most 20, as whoever asks: it opens nothing that its parts do not. '
    'An answer for each: {"value": …}, or {"code", "message", "details"} where that one refused.';

revoke execute on function public.read_together(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.read_together(jsonb) to authenticated;
