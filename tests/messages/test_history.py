"""What a screen knows of a thread never has a hole and never forgets what was read above."""

from dataclasses import replace

from app.messages.history import History
from tests.messages.letters import message, opened


def numbers(history: History) -> list[int]:
    return [each.seq for each in history.messages]


def test_new_messages_join_the_older_ones_that_were_asked_for() -> None:
    history = History().refreshed(opened(*map(message, range(31, 61)), has_older=True))
    history = history.with_older([message(seq) for seq in range(2, 31)])
    assert history.more

    history = history.refreshed(opened(*map(message, range(33, 63)), has_older=True))

    assert numbers(history) == list(range(2, 63))
    assert history.more


def test_after_a_long_silence_a_hole_is_not_papered_over() -> None:
    history = History().refreshed(opened(*map(message, range(1, 11))))
    history = history.refreshed(opened(*map(message, range(40, 70)), has_older=True))

    assert numbers(history) == list(range(40, 70))
    assert history.more


def test_exactly_one_page_later_nothing_is_missing() -> None:
    history = History().refreshed(opened(*map(message, range(1, 11))))
    history = history.refreshed(opened(*map(message, range(11, 41)), has_older=True))

    assert numbers(history) == list(range(1, 41))
    assert not history.more


def test_the_first_message_of_all_ends_the_asking_for_older_ones() -> None:
    history = History().refreshed(opened(message(3), has_older=True))
    assert history.with_older([message(1), message(2)]).more is False
    assert history.with_older([message(2)]).more is True
    assert history.with_older([]).more is False


def test_a_receipt_counts_for_everything_before_it() -> None:
    old = [message(1, mine=True), message(2), message(3, mine=True)]
    history = History().refreshed(opened(*old))
    history = history.refreshed(opened(message(4, mine=True, read=True)))

    assert [each.read for each in history.messages] == [True, False, True, True]


def test_a_stored_message_takes_its_place_and_another_version_that_of_the_first() -> None:
    first, third = message(1), message(3)
    history = History().refreshed(opened(first, third)).with_stored(message(2))
    assert numbers(history) == [1, 2, 3]

    history = history.with_stored(replace(third, text="other words", version=2))
    assert numbers(history) == [1, 2, 3]
    assert history.messages[-1].text == "other words"


def test_what_was_taken_back_further_up_is_gone_there_and_where_a_reply_repeats_it() -> None:
    secret, other = message(1, "a secret"), message(3)
    reply = replace(message(2), reply_to=secret.id, reply_text="a secret")
    newest = list(map(message, range(4, 34)))
    history = History().refreshed(opened(*newest, has_older=True))
    history = history.with_older([secret, reply, other])

    gone = replace(secret, text="", taken_back=True, version=2)
    unknown = message(50)
    history = history.refreshed(replace(opened(*newest, has_older=True), changed=(gone, unknown)))

    assert numbers(history) == list(range(1, 34))
    assert history.messages[0] == gone
    assert (history.messages[1].text, history.messages[1].reply_text) == ("number 2", "")
    assert history.messages[2] == other
