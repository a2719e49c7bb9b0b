"""`./dev settings`: the table of settings, as `docs/settings.md` keeps it."""

from app.config import SETTINGS, Setting

_HEAD = """# Settings

Environment variables, read once at the start. A secret may also come from a file: `<NAME>_FILE`
names it. Everything that is missing or wrong is told in one list. `./dev settings` prints this.

| name | meaning | default |
|---|---|---|
"""


def page() -> str:
    """The page as Markdown."""
    return _HEAD + "".join(_row(setting) for setting in SETTINGS)


def _row(setting: Setting) -> str:
    notes = [each for each in ("required" if setting.required else "", setting.default) if each]
    secret = " (secret)" if setting.secret else ""
    return f"| `{setting.name}`{secret} | {setting.meaning} | {', '.join(notes) or '–'} |\n"
