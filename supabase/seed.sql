-- Reference rows, the same everywhere. Applying this file again changes nothing.

-- The European Union, EFTA, the United Kingdom and the countries that are candidates to join.
insert into public.countries (code) values
    ('AT'), ('BE'), ('BG'), ('CY'), ('CZ'), ('DE'), ('DK'), ('EE'), ('ES'), ('FI'), ('FR'), ('GR'),
    ('HR'), ('HU'), ('IE'), ('IT'), ('LT'), ('LU'), ('LV'), ('MT'), ('NL'), ('PL'), ('PT'), ('RO'),
    ('SE'), ('SI'), ('SK'),
    ('CH'), ('IS'), ('LI'), ('NO'), ('GB'),
    ('AL'), ('BA'), ('GE'), ('MD'), ('ME'), ('MK'), ('RS'), ('TR'), ('UA')
on conflict (code) do nothing;
