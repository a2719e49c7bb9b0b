"""What is wrong in a migrated database: the holes that Supabase's linter names, and our own rules.

Numbers in brackets are those of Supabase's linter (github.com/supabase/splinter).
"""

from dataclasses import dataclass
from typing import Any

import psycopg

from tests.gates.sql_text import Finding

OURS = "n.nspname in ('public', 'private')"
TABLE = "c.oid::regclass::text from pg_class as c join pg_namespace as n on n.oid = c.relnamespace"
FUNCTION = (
    "p.oid::regprocedure::text from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace"
)
POLICY = (
    "p.schemaname || '.' || p.tablename || ': ' || p.policyname from pg_policies as p"
    " where p.schemaname in ('public', 'private', 'realtime', 'storage') and"
)
FORMULA = "coalesce(p.qual, '') || ' ' || coalesce(p.with_check, '')"
API_ROLES = "array['anon', 'authenticated', 'service_role']"


@dataclass(frozen=True)
class Rule:
    """`query` returns the names of what breaks the rule, `remedy` what to do with them."""

    name: str
    remedy: str
    query: str


RULES = (
    Rule(
        "rls_not_forced",  # [0013, 0007]
        "enable and force row level security",
        f"select {TABLE} where {OURS} and c.relkind in ('r', 'p')"
        " and not (c.relrowsecurity and c.relforcerowsecurity)",
    ),
    Rule(
        "no_policy",  # [0008]
        "write a policy, or put the table into the schema private",
        f"select {TABLE} where n.nspname = 'public' and c.relkind in ('r', 'p')"
        " and not exists (select from pg_policy as p where p.polrelid = c.oid)",
    ),
    Rule(
        "policy_for_everybody",
        "name the role: `to authenticated`",
        f"select {POLICY} p.roles && array['public', 'anon']::name[]",
    ),
    Rule(
        "policy_without_a_sentence",
        'name it by what it allows: "members can see their organisation"',
        f"select {POLICY} p.policyname !~ '^[a-z][^ ]* .* '",
    ),
    Rule(
        "policy_always_true",  # [0024]
        "say who: true lets every signed-in person in",
        f"select {POLICY} 'true' in (p.qual, p.with_check)",
    ),
    Rule(
        "policy_per_row",  # [0003]
        "write (select auth.uid()), and helpers as in (select private.my_…())",
        f"select {POLICY}"
        f" regexp_replace({FORMULA}, 'SELECT (auth|private|realtime)\\.\\w+\\(', '', 'g')"
        " ~ '(auth|private|realtime)\\.\\w+\\('",
    ),
    Rule(
        "policy_setting_per_row",  # [0003]
        "ask private functions, not current_setting",
        f"select {POLICY} {FORMULA} ~ 'current_setting\\('",
    ),
    Rule(
        "policy_on_user_metadata",  # [0015]
        "people can write their user metadata themselves; use a table",
        f"select {POLICY} {FORMULA} ~ 'user_metadata|raw_user_meta_data'",
    ),
    Rule(
        "update_can_give_away",
        "write `with check` as well as `using`",
        f"select {POLICY} p.cmd in ('UPDATE', 'ALL') and p.with_check is null",
    ),
    Rule(
        "several_policies",  # [0006]
        "join them with `or`: each is tried for each row",
        "select p.schemaname || '.' || p.tablename || ': ' || p.cmd from pg_policies as p"
        " where p.permissive = 'PERMISSIVE' and p.schemaname in ('public', 'private')"
        " group by p.schemaname, p.tablename, p.cmd having count(*) > 1",
    ),
    Rule(
        "foreign_key_without_index",  # [0001]
        "index it: without, deleting the other row reads the whole table",
        f"select {TABLE} join pg_constraint as k on k.conrelid = c.oid"
        f" where {OURS} and k.contype = 'f' and not exists"
        " (select from pg_index as i join pg_class as x on x.oid = i.indexrelid"
        " join pg_am as m on m.oid = x.relam where i.indrelid = c.oid and m.amname = 'btree'"
        " and i.indpred is null and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)",
    ),
    Rule(
        "index_twice",  # [0009]
        "drop one of them",
        f"select {TABLE} join pg_index as i on i.indrelid = c.oid where {OURS} group by c.oid,"
        " i.indkey::text, i.indclass::text, pg_get_expr(i.indpred, i.indrelid),"
        " pg_get_expr(i.indexprs, i.indrelid), i.indoption::text having count(*) > 1",
    ),
    Rule(
        "gist_over_ids",
        "join its ids into one expression: PostgreSQL would look single ids up in it, and slowly",
        f"select {TABLE} join pg_index as i on i.indrelid = c.oid"
        " join pg_class as x on x.oid = i.indexrelid join pg_am as m on m.oid = x.relam"
        " join pg_attribute as a on a.attrelid = c.oid and a.attnum = any (i.indkey::int2[])"
        f" where {OURS} and m.amname = 'gist' and a.atttypid = 'uuid'::regtype",
    ),
    Rule(
        "no_primary_key",  # [0004]
        "give it one",
        f"select {TABLE} where {OURS} and c.relkind in ('r', 'p') and not exists"
        " (select from pg_index as i where i.indrelid = c.oid and i.indisprimary)",
    ),
    Rule(
        "view_as_owner",  # [0010, 0002, 0016]
        "make it a plain view `with (security_invoker = true)`",
        f"select {TABLE} where {OURS} and (c.relkind = 'm' or c.relkind = 'v'"
        " and not coalesce(c.reloptions, '{}') @> array['security_invoker=true'])",
    ),
    Rule(
        "foreign_table",  # [0017]
        "row level security does not hold for it; leave it out",
        f"select {TABLE} where {OURS} and c.relkind = 'f'",
    ),
    Rule(
        "search_path_open",  # [0011]
        "add `set search_path = ''` and name schemas",
        f"select {FUNCTION} where {OURS}"
        " and not coalesce(p.proconfig, '{}') @> array['search_path=\"\"']",
    ),
    Rule(
        "function_for_everybody",  # [0028]
        "revoke execute from public, and from anon but for the door's few",
        f"select {FUNCTION}"
        " cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a"
        f" where {OURS} and (a.grantee = 0 or a.grantee = 'anon'::regrole"
        " and p.proname not in ('open_device', 'close_device', 'join_page', 'back_page',"
        " 'invitation_page', 'lock_device', 'touch_device',"
        " 'look_binding', 'try_binding', 'drop_binding'))",
    ),
    Rule(
        "secret_key_function",
        "the secret key is for Auth only: grant nothing to service_role",
        f"select {FUNCTION} cross join aclexplode(p.proacl) as a"
        f" where {OURS} and a.grantee = 'service_role'::regrole",
    ),
    Rule(
        "more_than_reading",
        "writes go through functions: grant select only, to authenticated only",
        f"select {TABLE} cross join aclexplode(c.relacl) as a"
        f" where {OURS} and a.grantee <> c.relowner and (c.relkind = 'S' or"
        " a.privilege_type <> 'SELECT' or a.grantee <> 'authenticated'::regrole)",
    ),
    Rule(
        "extension_in_public",  # [0014]
        "create it `with schema extensions`",
        "select e.extname::text from pg_extension as e"
        " where e.extnamespace in ('public'::regnamespace, to_regnamespace('private'))",
    ),
    Rule(
        "private_schema_open",
        "revoke usage on schema private",
        f"select r from unnest({API_ROLES}) as r where has_schema_privilege(r, 'private', 'usage')",
    ),
    Rule(
        "public_bucket",  # [0025]
        "make it private and hand out signed links",
        "select b.id from storage.buckets as b where b.public",
    ),
)


def check_database(connection: psycopg.Connection[Any]) -> list[Finding]:
    """Findings of all rules; needs an open transaction that sees every schema."""
    # Without a search path PostgreSQL spells every name out, and the rules can read it.
    connection.execute("set local search_path = ''")
    return [
        Finding(name, rule.name, rule.remedy)
        for rule in RULES
        for (name,) in connection.execute(rule.query.encode()).fetchall()
    ]
