-- Reference rows, the same everywhere. Applying this file again changes nothing.

-- The European Union, EFTA, the United Kingdom and the countries that are candidates to join.
insert into public.countries (code) values
    ('AT'), ('BE'), ('BG'), ('CY'), ('CZ'), ('DE'), ('DK'), ('EE'), ('ES'), ('FI'), ('FR'), ('GR'),
    ('HR'), ('HU'), ('IE'), ('IT'), ('LT'), ('LU'), ('LV'), ('MT'), ('NL'), ('PL'), ('PT'), ('RO'),
    ('SE'), ('SI'), ('SK'),
    ('CH'), ('IS'), ('LI'), ('NO'), ('GB'),
    ('AL'), ('BA'), ('GE'), ('MD'), ('ME'), ('MK'), ('RS'), ('TR'), ('UA')
on conflict (code) do nothing;

-- From which age consent counts (GDPR Art. 8(1)), only where a published overview says it, with the day
-- on which that entry was last reviewed. A country whose law has changed since then stays empty.
update public.countries as c
set consent_age = known.age, consent_age_source = known.source, consent_age_as_of = known.as_of::date
from (values
    ('AT', 14, '2018-06-05', 'https://www.twobirds.com/en/in-focus/general-data-protection-regulation/gdpr-tracker/children'),
    ('BE', 13, '2018-10-08', 'https://www.twobirds.com/en/in-focus/general-data-protection-regulation/gdpr-tracker/children'),
    ('CZ', 15, '2018-09-13', 'https://www.twobirds.com/en/in-focus/general-data-protection-regulation/gdpr-tracker/children'),
    ('DE', 16, '2018-10-11', 'https://www.cullen-international.com/news/2018/10/New-research-on-national-GDPR-implementation.html'),
    ('ES', 14, '2019-03-05', 'https://www.twobirds.com/en/capabilities/practices/privacy-and-data-protection/general-data-protection-regulation/gdpr-tracker/children'),
    ('FI', 13, '2018-11-13', 'https://www.twobirds.com/en/in-focus/general-data-protection-regulation/gdpr-tracker/children'),
    ('FR', 15, '2019-02-11', 'https://www.twobirds.com/en/capabilities/practices/privacy-and-data-protection/general-data-protection-regulation/gdpr-tracker/children'),
    ('IE', 16, '2018-06-07', 'https://www.twobirds.com/en/in-focus/general-data-protection-regulation/gdpr-tracker/children'),
    ('IT', 14, '2018-10-25', 'https://www.twobirds.com/en/capabilities/practices/privacy-and-data-protection/general-data-protection-regulation/gdpr-tracker/children'),
    ('NL', 16, '2018-09-17', 'https://www.twobirds.com/en/capabilities/practices/privacy-and-data-protection/general-data-protection-regulation/gdpr-tracker/children'),
    ('SE', 13, '2018-09-06', 'https://www.twobirds.com/en/capabilities/practices/privacy-and-data-protection/general-data-protection-regulation/gdpr-tracker/children')
) as known (code, age, as_of, source)
where c.code = known.code;
