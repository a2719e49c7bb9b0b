"""Lines end where the browser's own tables say, though nobody asks those any more."""

from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po
from playwright.async_api import Page

from app.shell.lines import line_ends
from app.shell.static import APP
from tests.web.test_host_page import chromium

pytestmark = pytest.mark.browser
LOCALES = APP.parent / "locales"
# What people may write beyond what the catalogues say.
WRITTEN = [
    "สวัสดีครับ ยินดีต้อนรับสู่ราวจับ ไทย 123",
    "ខ្ញុំស្រឡាញ់អ្នក",
    "ဗမာစာ စကား",
    "你好，世界。こんにちは、世界！한국어 텍스트",
    "ሰላም፡ዓለም። እንታይ ትገብር፧",
    "«ما هذا؟» قال: “نعم”، 5–6 \u2068Selam\u2069، ۱۲:۳۰–۱۳:۰۰",
    "😀👍🏽👩‍👩‍👧 🇩🇪🇫🇷 ok",
    "a\nb\r\nc\u2028d  e\tf ",
    "well-known co\u00adop e\u2011mail https://example.org/a/b?c=d&e=f",
    "10.000,50 € / $5.00 50% №5 +7 (555) 123-4567 US–24",
    "Il a dit « oui », puis « non ». A » b « c",
    "naïve—dash – en-dash…end foo/bar\\baz x=y+1 #tag @me",
    "",
    "  ",
]
DIFFERENT = """(texts) => texts.filter((text) => {
  const [browsers, ours] = [window.native, Intl.v8BreakIterator].map((Kind) => {
    const kind = new Kind([], { type: 'line' }), found = [];
    kind.adoptText(text);
    kind.first();
    while (kind.next() !== -1) found.push(kind.current());
    return found.join();
  });
  return browsers !== ours;
})"""


def said() -> Iterator[str]:
    """Every sentence of the product, in every language."""
    for path in LOCALES.glob("*/LC_MESSAGES/*.po"):
        with path.open("rb") as file:
            for message in read_po(file):
                for text in (message.id, message.string):
                    yield from [text] if isinstance(text, str) else text or ()


async def different(page: Page, texts: list[str]) -> list[str]:
    await page.evaluate("() => { window.native = Intl.v8BreakIterator; }")
    await page.add_script_tag(content=line_ends())
    assert await page.evaluate("window.native !== Intl.v8BreakIterator")
    found: list[str] = await page.evaluate(DIFFERENT, texts)
    return found


async def test_lines_end_where_the_browser_itself_would_end_them() -> None:
    texts = sorted({*said(), *WRITTEN})
    assert len(texts) > 3000
    async with chromium() as context:
        assert await different(await context.new_page(), texts) == []
