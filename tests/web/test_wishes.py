"""What the address of the socket says reaches whoever fills the screens."""

from starlette.types import Message, Receive, Scope, Send

from app.shell.wishes import Wishes, current_wishes, in_background


async def _nothing() -> Message:
    return {"type": "websocket.connect"}


async def _nowhere(message: Message) -> None:
    return None


async def test_wishes_are_those_of_the_own_socket_alone() -> None:
    heard: list[str] = []
    hidden: list[bool] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append(current_wishes())
        hidden.append(in_background())

    for query in (b"look=dark&hidden=1", b"hidden=0", b"", b"\xff%00"):
        await Wishes(app)({"type": "websocket", "query_string": query}, _nothing, _nowhere)

    assert heard == ["look=dark&hidden=1", "hidden=0", "", "ÿ%00"]
    assert hidden == [True, False, False, False]
    assert current_wishes() == ""
