import psycopg
from tests.fixtures.postgres import Server

def test_x(server: Server) -> None:
    import time
    t=time.perf_counter()
    for i in range(5):
        dsn=server.new_database(migrated=True)
    print((time.perf_counter()-t)/5)
    with psycopg.connect(dsn("postgres")) as c:
        print(c.execute("select version()").fetchone())
        assert c
