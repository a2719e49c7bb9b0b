"""What a sealed message holds beside its words: the language they are in, and the phrase they are.

It lies sealed with the words, so that the database does not learn it.
"""

import json

from app.messages.model import Picked, Spoken

# No typed text has it: `tidy_text` takes control characters away.
_APART = "\x1e"


def packed(spoken: Spoken) -> str:
    """One text to seal."""
    about: dict[str, object] = {}
    if spoken.language:
        about["language"] = spoken.language
    if spoken.picked:
        about["phrase"] = [spoken.picked.key, dict(spoken.picked.gaps)]
    if not about:
        return spoken.text
    return f"{spoken.text}{_APART}{json.dumps(about, ensure_ascii=False, separators=(',', ':'))}"


def unpacked(text: str) -> Spoken:
    """What `packed` was given."""
    words, apart, told = text.partition(_APART)
    if not apart:
        return Spoken(words)
    about = json.loads(told)
    phrase = about.get("phrase")
    return Spoken(
        words,
        about.get("language", ""),
        Picked(phrase[0], tuple(phrase[1].items())) if phrase else None,
    )
