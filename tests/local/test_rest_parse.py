"""The query-string language. Cases from PostgREST's QueryParams.hs and the client's requests."""

from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.local.rest.errors import RestError
from app.local.rest.parse import LONGEST_QUERY, parse_query
from app.local.rest.query import Filter, Logic, Operator, Order, Query


def parsed(*pairs: tuple[str, str], for_function: bool = False) -> Query:
    text = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs)
    return parse_query(text.encode(), for_function=for_function)


def refused(*pairs: tuple[str, str], for_function: bool = False) -> RestError:
    with pytest.raises(RestError) as caught:
        parsed(*pairs, for_function=for_function)
    return caught.value


def outcome(raw: bytes, *, for_function: bool = False) -> Query | RestError:
    try:
        return parse_query(raw, for_function=for_function)
    except RestError as error:
        return error


def test_an_empty_query_asks_for_everything() -> None:
    assert parse_query(b"") == Query()
    assert parsed(("select", "*")) == Query()


@pytest.mark.parametrize("operator", ["eq", "neq", "gt", "gte", "lt", "lte", "like", "ilike"])
def test_a_simple_operator_takes_the_rest_as_its_value(operator: Operator) -> None:
    query = parsed(("a", f"{operator}.x.y,(z) \"q\" 'r' %*"))
    assert query.where == (Filter("a", operator, "x.y,(z) \"q\" 'r' %*"),)


def test_not_negates_one_filter() -> None:
    assert parsed(("a", "not.eq.1")).where == (Filter("a", "eq", "1", True),)
    assert parsed(("a", "eq.not.1")).where == (Filter("a", "eq", "not.1"),)


def test_the_same_column_may_be_filtered_twice() -> None:
    query = parsed(("d", "gte.1"), ("d", "lte.9"))
    assert query.where == (Filter("d", "gte", "1"), Filter("d", "lte", "9"))


@pytest.mark.parametrize("word", ["null", "not_null", "true", "false", "unknown", "NULL"])
def test_is_takes_only_its_five_words(word: str) -> None:
    assert parsed(("a", f"is.{word}")).where == (Filter("a", "is", word.lower()),)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('(p,"q,r")', ("p", "q,r")),
        ("()", ()),
        ('("")', ()),
        ("(a,)", ("a", "")),
        (r'("a\"b\\c")', ('a"b\\c',)),
        ("( a , b )", (" a ", " b ")),
        ('(a"b,c)', ('a"b', "c")),
        ('("a"b,c)', ('"a"b', "c")),
    ],
)
def test_in_reads_lists_as_postgrest_does(text: str, values: tuple[str, ...]) -> None:
    assert parsed(("a", f"in.{text}")).where == (Filter("a", "in", values),)


def test_or_and_and_nest_with_negation() -> None:
    query = parsed(("or", "(f.eq.1,not.and(g.gt.2,h.not.is.null))"))
    inner = Logic("and", (Filter("g", "gt", "2"), Filter("h", "is", "null", True)), True)
    assert query.where == (Logic("or", (Filter("f", "eq", "1"), inner)),)


def test_not_or_is_a_parameter_of_its_own() -> None:
    assert parsed(("not.or", "(a.eq.1)")).where == (Logic("or", (Filter("a", "eq", "1"),), True),)


def test_values_inside_or_end_at_a_comma_unless_quoted_or_an_array() -> None:
    query = parsed(("or", '(a.eq."x,y)",b.in.(1,"2,3"),c.eq.{4,5},d.eq.6.7)'))
    assert query.where == (
        Logic(
            "or",
            (
                Filter("a", "eq", "x,y)"),
                Filter("b", "in", ("1", "2,3")),
                Filter("c", "eq", "{4,5}"),
                Filter("d", "eq", "6.7"),
            ),
        ),
    )


def test_a_column_may_be_called_and_inside_a_group() -> None:
    assert parsed(("or", "(and.eq.1,or.is.null)")).where == (
        Logic("or", (Filter("and", "eq", "1"), Filter("or", "is", "null"))),
    )


def test_order_reads_direction_and_nulls() -> None:
    query = parsed(("order", "a,b.desc,c.asc.nullsfirst,d.nullslast"))
    assert query.order == (
        Order("a"),
        Order("b", "desc"),
        Order("c", "asc", "first"),
        Order("d", "asc", "last"),
    )


def test_limit_and_offset_are_whole_numbers() -> None:
    query = parsed(("offset", "10"), ("limit", "0"))
    assert (query.offset, query.limit) == (10, 0)
    assert refused(("limit", "-1")).code == "PGRST103"
    for text in ("x", "1.5", "٣", "9" * 5000, " 1"):
        assert refused(("limit", text)).code == "PGRST100"


def test_names_may_be_quoted_anywhere() -> None:
    query = parsed(
        ("select", '"a,b",c'), ('"x.y"', "eq.1"), ("order", '"o p".desc'), ("columns", '"k","l"')
    )
    assert query.select == ("a,b", "c")
    assert query.where == (Filter("x.y", "eq", "1"),)
    assert query.order == (Order("o p", "desc"),)
    assert query.columns == ("k", "l")


def test_a_functions_arguments_are_what_has_no_operator() -> None:
    query = parsed(("a", "1"), ("b", "gt.5"), ("c", ""), ("d", "{x}"), for_function=True)
    assert query.arguments == (("a", "1"), ("c", ""), ("d", "{x}"))
    assert query.where == (Filter("b", "gt", "5"),)


@pytest.mark.parametrize(
    ("name", "value", "message", "details"),
    [
        (
            "a",
            "val",
            '"failed to parse filter (val)" (line 1, column 1)',
            'unexpected "v" expecting "not" or operator (eq, gt, ...)',
        ),
        ("a", "eq", '"failed to parse filter (eq)" (line 1, column 1)', None),
        ("a", "in.(1,2", '"failed to parse filter (in.(1,2)" (line 1, column 8)', None),
        ("a", "in.(1)x", '"failed to parse filter (in.(1)x)" (line 1, column 7)', None),
        ("a", "is.nothing", '"failed to parse filter (is.nothing)" (line 1, column 4)', None),
        ("a", "is.nullx", '"failed to parse filter (is.nullx)" (line 1, column 8)', None),
        ("a;b", "eq.1", '"failed to parse tree path (a;b)" (line 1, column 2)', None),
        ("", "eq.1", '"failed to parse tree path ()" (line 1, column 1)', None),
        ("or", "(a.eq.1", '"failed to parse logic tree ((a.eq.1)" (line 1, column 8)', None),
        ("or", "()", '"failed to parse logic tree (())" (line 1, column 2)', None),
        ("or", "a.eq.1", '"failed to parse logic tree (a.eq.1)" (line 1, column 1)', None),
        ("order", "a.foo", '"failed to parse order (a.foo)" (line 1, column 2)', None),
        ("order", "a b!", '"failed to parse order (a b!)" (line 1, column 4)', None),
        ("select", "a,", '"failed to parse select parameter (a,)" (line 1, column 3)', None),
        ("select", "a;b", '"failed to parse select parameter (a;b)" (line 1, column 2)', None),
    ],
)
def test_what_nobody_understands_is_400_with_the_place(
    name: str, value: str, message: str, details: str | None
) -> None:
    error = refused((name, value))
    assert (error.status, error.code, error.message) == (400, "PGRST100", message)
    assert details is None or error.details == details


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("select", "id,owner:profiles!inner(name),tags(*)"),
        ("select", "*,tags(*)"),
        ("select", "tags!left(*)"),
        ("select", "...clients(name)"),
        ("select", "count()"),
        ("select", "amount.sum()"),
        ("select", "a::text"),
        ("select", "alias:a"),
        ("select", "info->>a"),
        ("owner.name", "eq.x"),
        ("info->>a", "eq.x"),
        ("tags.order", "id.asc"),
        ("tags.limit", "3"),
        ("tags.or", "(a.eq.1)"),
        ("order", "clients(name)"),
        ("order", "info->a"),
        ("a", "fts.x"),
        ("a", "plfts(english).x"),
        ("a", "cs.{1}"),
        ("a", "match.^x"),
        ("a", "isdistinct.1"),
        ("a", "eq(any).{1,2}"),
        ("a", "like(all).{1,2}"),
        ("or", "(a.cs.{1,2})"),
        ("on_conflict", "id"),
    ],
)
def test_what_only_postgrest_understands_is_501(name: str, value: str) -> None:
    error = refused((name, value))
    assert (error.status, error.code) == (501, "PGRST127")
    assert error.message.startswith("The local Supabase does not support ")


def test_a_parameter_given_twice_is_501_not_one_of_the_two() -> None:
    for name, value in (("select", "a"), ("order", "a"), ("limit", "1"), ("offset", "1")):
        assert refused((name, value), (name, value)).status == 501


def test_bytes_that_are_no_text_are_400() -> None:
    for raw in (b"a=eq.%ff", b"%fe=eq.1", b"a=eq.\xff", b"a=eq.%ed%a0%80"):
        with pytest.raises(RestError) as caught:
            parse_query(raw)
        assert caught.value.status == 400


def test_a_zero_byte_is_what_postgres_calls_it() -> None:
    error = refused(("a", "eq.x\0y"))
    assert (error.status, error.code) == (400, "22021")


def test_floods_are_refused_before_they_cost_anything() -> None:
    assert refused(("a", "eq." + "x" * LONGEST_QUERY)).status == 414
    assert refused(*[("a", "eq.1")] * 501).status == 400
    deep = "and(" * 5000 + "a.eq.1" + ")" * 5000
    assert refused(("and", f"({deep})")).status == 400


_PIECES = st.sampled_from(
    [
        *".,()\"\\{}*%:!->= \t&;'é\U0001f600\ud800\0",
        "eq.",
        "not.",
        "or",
        "and(",
        "in.(",
        "is.",
        "null",
    ]
)
_TEXTS = st.one_of(st.text(max_size=20), st.lists(_PIECES, max_size=14).map("".join))


@given(st.lists(st.tuples(_TEXTS, _TEXTS), max_size=4), st.booleans())
def test_no_query_string_makes_the_parser_fail_otherwise_than_by_its_own_error(
    pairs: list[tuple[str, str]], for_function: bool
) -> None:
    raw = "&".join(
        f"{quote_plus(name, errors='surrogatepass')}={quote_plus(value, errors='surrogatepass')}"
        for name, value in pairs
    )
    result = outcome(raw.encode(), for_function=for_function)
    assert isinstance(result, Query) or (400 <= result.status <= 501 and result.body())


@given(st.binary(max_size=60))
def test_no_bytes_make_the_parser_fail_otherwise(raw: bytes) -> None:
    result = outcome(raw)
    assert isinstance(result, Query) or 400 <= result.status <= 501


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=4))
def test_quoting_a_list_as_the_client_does_gives_the_same_values_back(values: list[str]) -> None:
    if any("\0" in value for value in values) or values == [""]:
        return
    escaped = [value.replace("\\", "\\\\").replace('"', '\\"') for value in values]
    text = ",".join(f'"{value}"' for value in escaped)
    try:
        raw = f"a={quote_plus(f'in.({text})')}".encode()
    except UnicodeEncodeError:
        return
    assert parse_query(raw).where == (Filter("a", "in", tuple(values)),)
