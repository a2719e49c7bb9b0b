"""`./dev i18n`: take the sentences out of the code, check the catalogues, compile them.

The English sentence is the key. A catalogue is complete or the check fails: no empty and no fuzzy
entry, the same placeholders, every plural form, and no German or Arabic sentence that is still the
English one unless `locales/same.toml` says why.

Some rooms have a catalogue of their own, so that a language can have what matters most and nothing
else: a file `locales/<language>/LC_MESSAGES/<domain>.po` that exists must be complete.
"""

import re
import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

from app.cli.literals import literals
from app.core.i18n import EASY, LOCALES, MACHINE_MARK

ROOT = LOCALES.parent
KEYWORDS = {"t": (1,), "n": (1, 2)}
# Languages in which the product is complete; others may come with single catalogues.
COMPLETE = ("de", "ar")
MAIN = "messages"
# Whose sentences stand in catalogues of their own, by their names. Files of the shell that also
# stand on pages of such a room are in each of these; the first entry that fits counts.
DOMAINS = {
    "app/safety/": ("safety",),
    # Each side of a thread reads them in its own language, whatever the screens have.
    "app/messages/phrases.py": ("phrases",),
    # Staff read these, in the languages of their screens.
    "app/door/invited": (MAIN,),
    "app/door/templates/invited": (MAIN,),
    "app/door/photo": (MAIN,),
    "app/door/templates/photo": (MAIN,),
    "app/door/": ("door",),
    "app/shell/templates/corner.html": (MAIN, "door"),
    "app/shell/templates/sending.html": (MAIN, "door"),
    "app/shell/templates/problem.html": ("door",),
    "app/shell/problems.py": ("door",),
}
# What is translated into many languages is kept so small that people can review it.
MOST_SENTENCES = {"door": 150}
# CLDR knows one and other for Persian; Babel's gettext table would give a single form.
_VOLATILE = (
    '"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator',
    '"Language-Team', '"Report-Msgid-Bugs-To', "# FIRST AUTHOR", "# Copyright",
)  # fmt: skip
_PERSIAN = ("fa", "fa_AF")
# As the catalogue library reads it: without the `#. ` in front.
MACHINE = MACHINE_MARK[3:].strip()
_PLACEHOLDER = re.compile(r"\{(\w*)[^{}]*\}")


def extract(root: Path = ROOT) -> list[str]:
    """Write the templates and bring every catalogue up to date. Returns what was written."""
    written = []
    for domain, template in _extracted(root).items():
        _write(_template(root, domain), template)
        written.append(_template(root, domain))
        for path in _wanted(root, domain):
            code = path.parent.parent.name
            old = _read(path, code) if path.exists() else Catalog(locale=code, charset="utf-8")
            marked = _machine_made(old)
            old.update(template, no_fuzzy_matching=True)
            old.obsolete.clear()
            for message in old:
                if message.id in marked:
                    message.auto_comments.append(MACHINE)
            _write(path, old)
            written.append(path)
    return [str(path.relative_to(root)) for path in written]


def compile_catalogues(root: Path = ROOT) -> list[str]:
    """Make the `.mo` beside each `.po` that is newer. Returns what was compiled."""
    done = []
    for po in _catalogues(root):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns:
            continue
        buffer = BytesIO()
        write_mo(buffer, _read(po, po.parent.parent.name))
        part = mo.with_suffix(f".{po.stat().st_mtime_ns}.part")
        part.write_bytes(buffer.getvalue())
        part.replace(mo)
        done.append(str(mo.relative_to(root)))
    return done


def check(root: Path = ROOT) -> list[str]:
    """Everything that is wrong with the words, one line each; an empty list is a pass."""
    wrong = list(literals(root / "app"))
    same = tomllib.loads((root / "locales" / "same.toml").read_text(encoding="utf-8"))
    extracted = _extracted(root)
    for domain, found in extracted.items():
        template, sentences = _template(root, domain), _sentences(found)
        if not template.exists() or _sentences(_read(template, None)) != sentences:
            wrong.append(f"locales/{domain}.pot is not up to date: run ./dev i18n extract")
        if len(sentences) > MOST_SENTENCES.get(domain, len(sentences)):
            wrong.append(f"locales/{domain}.pot has {len(sentences)} sentences: take some away")
        for po in _wanted(root, domain):
            place = str(po.relative_to(root))
            if po.exists():
                wrong += [f"{place}{line}" for line in _wrong_in(po, sentences, same)]
            else:
                wrong.append(f"{place} is missing")
    return wrong + [
        f"{po.relative_to(root)} belongs to no room"
        for po in _catalogues(root)
        if po.stem not in extracted
    ]


def _wrong_in(po: Path, sentences: set[object], same: dict[str, dict[str, str]]) -> Iterator[str]:
    code = po.parent.parent.name
    catalogue = _read(po, code)
    if _sentences(catalogue) != sentences:
        yield " is not up to date: run ./dev i18n extract"
    if catalogue.obsolete:
        yield f" keeps {len(catalogue.obsolete)} sentences nobody uses"
    for message in catalogue:
        if message.id:
            for problem in _problems(message, same.get(code, {}), easy=code == EASY):
                yield f": “{_first(message.id)}” {problem}"


def _problems(message: Message, same: dict[str, str], *, easy: bool) -> Iterator[str]:
    texts, source = _forms(message.string), _forms(message.id)
    if message.fuzzy:
        yield "is marked fuzzy: check it and take the mark away"
    if not all(texts):
        yield "has no translation"
        return
    expected = set(_PLACEHOLDER.findall(source[-1]))
    for text in texts:
        found = set(_PLACEHOLDER.findall(text))
        # A form for exactly one or two may spell the number out.
        if found != expected and not (message.pluralizable and expected - found <= {"n"}):
            yield f"has other placeholders: {sorted(found)} instead of {sorted(expected)}"
    if texts[0] == source[0] and source[0] not in same and not easy:
        yield "is the same as in English: translate it or give the reason in locales/same.toml"


def _extracted(root: Path) -> dict[str, Catalog]:
    """The sentences in the code by domain; the main one is always there."""
    with (root / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel's gap
    catalogues = {MAIN: _new()}
    found = extract_from_dir(
        root, methods, options, keywords=KEYWORDS, comment_tags=("NOTE:",), strip_comment_tags=True
    )
    for filename, _, text, comments, context in found:
        for domain in _domains(filename):
            catalogue = catalogues.setdefault(domain, _new())
            # File names without lines: a moved line is no change of the catalogue.
            catalogue.add(text, None, [(filename, 0)], auto_comments=comments, context=context)
    return catalogues


def _domains(filename: str) -> tuple[str, ...]:
    return next((DOMAINS[place] for place in DOMAINS if filename.startswith(place)), (MAIN,))


def _new() -> Catalog:
    return Catalog(project="Handrail", version="1", charset="utf-8", fuzzy=False)


def _machine_made(catalogue: Catalog) -> set[object]:
    """The sentences whose translation no person has reviewed."""
    return {message.id for message in catalogue if MACHINE in message.auto_comments}


def _read(path: Path, code: str | None) -> Catalog:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=code, charset="utf-8")
    # The catalogue's own header does not count: a file without one still gets the right forms.
    forms, rule = get_plural(code)[:2] if code and code not in _PERSIAN else (2, "(n > 1)")
    vars(catalogue).update(_num_plurals=forms, _plural_expr=rule)
    return catalogue


def _write(path: Path, catalogue: Catalog) -> None:
    # No dates and tool versions: the file changes when its words change, and only then.
    for name in ("creation_date", "revision_date"):
        setattr(catalogue, name, None)
    catalogue.fuzzy = False
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = BytesIO()
    write_po(
        buffer, catalogue, width=100, sort_by_file=True, omit_header=False, include_lineno=False
    )
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    path.write_text(
        "".join(line for line in lines if not line.startswith(_VOLATILE)), encoding="utf-8"
    )


def _sentences(catalogue: Catalog) -> set[object]:
    return {(message.context, message.id) for message in catalogue if message.id}


def _catalogues(root: Path) -> list[Path]:
    return sorted((root / "locales").glob("*/LC_MESSAGES/*.po"))


def _template(root: Path, domain: str) -> Path:
    return root / "locales" / f"{domain}.pot"


def _wanted(root: Path, domain: str) -> list[Path]:
    """The catalogues of a domain: those that must exist, and those that do."""
    folders = {root / "locales" / code / "LC_MESSAGES" for code in COMPLETE}
    there = {po for po in _catalogues(root) if po.stem == domain}
    return sorted(there | {folder / f"{domain}.po" for folder in folders})


def _first(text: object) -> str:
    return _forms(text)[0][:60]


def _forms(text: object) -> tuple[str, ...]:
    """Singular and plurals as one tuple; an absent translation is the empty string."""
    forms = text if isinstance(text, tuple | list) else (text,)
    return tuple(str(form or "") for form in forms)
