"""Migrations and seeds, with the bookkeeping of the Supabase CLI."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.local.errors import LocalError
from app.local.migrate import migrate, pending, seed
from tests.fixtures.postgres import Dsn, Server


@pytest.fixture
def dsn(postgres18: Server) -> str:
    """A database with the bootstrap and no migration, as role `postgres`."""
    return postgres18.new_database(migrated=False)("postgres")


def query(dsn: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(statement.encode()).fetchall()


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name.removeprefix('v')}.sql").write_text(text, encoding="utf-8")
    return folder


def fails(dsn: str, folder: Path) -> LocalError:
    with pytest.raises(LocalError) as caught:
        migrate(dsn, folder)
    return caught.value


def test_the_apps_migrations_apply_unchanged(server: Server) -> None:
    dsn: Dsn = server.new_database(migrated=True)

    assert query(dsn("postgres"), "select count(*) > 0 from supabase_migrations.schema_migrations")
    assert pending(dsn("postgres"), Path(__file__).parents[2] / "supabase" / "migrations") == []


def test_new_files_apply_in_order_and_only_once(dsn: str, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "m",
        v20260102000000_second="insert into a values (1); insert into a values (2);",
        v20260101000000_first="-- what for\ncreate table a (b int);",
    )
    (folder / "README.sql").write_text("not sql", encoding="utf-8")

    assert pending(dsn, folder) == ["20260101000000", "20260102000000"]
    assert migrate(dsn, folder) == ["20260101000000", "20260102000000"]
    assert migrate(dsn, folder) == []
    assert query(dsn, "select * from a order by b") == [(1,), (2,)]


def test_the_history_is_the_one_the_cli_writes(dsn: str, tmp_path: Path) -> None:
    migrate(dsn, write(tmp_path / "m", v1_one="-- why\ncreate table a ();\n\ndrop table a ;\n"))

    rows = query(dsn, "select version, name, statements from supabase_migrations.schema_migrations")
    assert rows == [("1", "one", ["-- why\ncreate table a ()", "drop table a"])]


def test_a_failing_file_is_named_and_leaves_nothing(dsn: str, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "m",
        v1_good="create table good ();",
        v2_bad="create table half ();\n\nselect 1;\nselect\n  nothing_here;",
    )

    error = fails(dsn, folder)

    assert error.code == "migration_failed"
    assert str(error) == '2_bad.sql, statement 3, line 5: column "nothing_here" does not exist'
    assert query(dsn, "select to_regclass('good')::text, to_regclass('half')::text") == [
        ("good", None)
    ]
    assert pending(dsn, folder) == ["2"]


def test_a_file_changed_after_it_was_applied_is_reported(dsn: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "m", v1_one="select 1;", v2_two="select 2;")
    migrate(dsn, folder)
    write(folder, v1_one="select 100;", v3_three="create table never ();")

    error = fails(dsn, folder)

    assert (error.code, "1_one.sql" in str(error)) == ("migration_changed", True)
    assert "2_two.sql" not in str(error)
    assert query(dsn, "select to_regclass('never')") == [(None,)]


def test_a_database_ahead_of_the_folder_is_reported(dsn: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "m", v1_one="select 1;", v2_two="select 2;")
    migrate(dsn, folder)
    (folder / "2_two.sql").unlink()

    assert fails(dsn, folder).code == "migration_missing"


def test_a_file_before_the_last_applied_one_is_refused(dsn: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "m", v3_three="select 3;")
    migrate(dsn, folder)
    write(folder, v2_two="select 2;")

    error = fails(dsn, folder)

    assert (error.code, "2_two.sql" in str(error)) == ("migration_out_of_order", True)


def test_two_files_of_one_version_are_refused(dsn: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "m", v1_one="select 1;", v1_uno="select 1;")

    assert fails(dsn, folder).code == "migration_twice"


@pytest.mark.parametrize(
    "word", ["commit", "-- done\nRollback", "/* x */ begin", "start transaction"]
)
def test_a_file_may_not_end_its_transaction(dsn: str, tmp_path: Path, word: str) -> None:
    folder = write(tmp_path / "m", v1_one=f"create table half (); {word};")

    error = fails(dsn, folder)

    assert error.code == "migration_failed"
    assert "statement 2" in str(error)
    assert query(dsn, "select to_regclass('half')") == [(None,)]


def test_each_file_runs_as_postgres_with_a_lock_timeout(dsn: str, tmp_path: Path) -> None:
    statement = "create table seen as select current_user::text, current_setting('lock_timeout')"
    migrate(dsn, write(tmp_path / "m", v1_one=statement))

    assert query(dsn, "select * from seen") == [("postgres", "4s")]


def test_settings_of_one_file_do_not_reach_the_next(dsn: str, tmp_path: Path) -> None:
    migrate(
        dsn,
        write(
            tmp_path / "m",
            v1_one="set search_path = ''; select set_config('timezone', 'Asia/Tokyo', false);",
            v2_two="create table seen as select current_setting('timezone')",
        ),
    )

    assert query(dsn, "select * from public.seen") == [("UTC",)]


def test_a_per_cent_sign_is_not_a_parameter(dsn: str, tmp_path: Path) -> None:
    migrate(dsn, write(tmp_path / "m", v1_one="create table a as select '%s %' as b"))

    assert query(dsn, "select b from a") == [("%s %",)]


def test_a_seed_runs_once_and_a_changed_one_is_only_noted(dsn: str, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "supabase",
        seed="create table if not exists s (a int); insert into s values (1);",
    )
    seed(dsn, folder)
    seed(dsn, folder)
    before = query(dsn, "select path, hash from supabase_migrations.seed_files")
    write(folder, seed="insert into s values (2);")
    seed(dsn, folder)
    after = query(dsn, "select path, hash from supabase_migrations.seed_files")

    assert query(dsn, "select a from s") == [(1,)]
    assert [path for path, _ in before] == [path for path, _ in after] == ["supabase/seed.sql"]
    assert before != after


def test_the_config_says_which_seeds_run(dsn: str, tmp_path: Path) -> None:
    folder = tmp_path / "supabase"
    write(folder, seed="create table wrong ()")
    write(folder / "seeds", v2_b="insert into s values (2)", v1_a="create table s (a int)")
    (folder / "config.toml").write_text('[db.seed]\nsql_paths = ["./seeds/*.sql"]\n')

    seed(dsn, folder)

    assert query(dsn, "select to_regclass('wrong'), a from s") == [(None, 2)]


def test_a_failing_seed_is_named_and_leaves_nothing(dsn: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "supabase", seed="create table half (); select 1/0;")

    with pytest.raises(LocalError, match=r"seed\.sql, statement 2, line 1: division") as caught:
        seed(dsn, folder)

    assert caught.value.code == "seed_failed"
    assert query(dsn, "select to_regclass('half')") == [(None,)]
