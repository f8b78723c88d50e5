"""HTML becomes text that reads the same."""

import gc
import resource
import time
from collections.abc import Iterator

import pytest

from mailflows.reading.markup import text_of


@pytest.fixture
def nothing_collected() -> Iterator[None]:
    """The collector rests: it would read all that other tests have left, the more often the more is made here."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("<b>One</b> <i>two</i>\n three", "One two three"),
        ("<ul><li>One<li>Two</ul>", "- One\n- Two"),
        (
            "<table><tr><td>State</td><td>Malawi</td></tr><tr><td>Year</td><td>2012</td></tr></table>",
            "State Malawi\nYear 2012",
        ),
        ("a &lt;b&gt; &amp; &eacute; &#233; &#xD800; &nbsp;c", "a <b> & é é \ufffd c"),
        ("<style>p {}</style><script>alert('x')</script><title>T</title>Words", "Words"),
        ("<head><meta charset=utf-8><body>Words", "Words"),
        ("<!-- [if mso]> hidden <![endif] -->Words<![if !mso]> too<![endif]>", "Words too"),
        ('<span style="display:none">hidden</span>shown', "shown"),
        ("<div hidden>hidden <div>deeper</div> still</div>shown", "shown"),
        ('<div style="display: none">never closed', "never closed"),
        ('<p class="hidden-xs" style="overflow:hidden">shown</p>', "shown"),
        ('See <a href="https://un.example/1540">the page</a>.', "See the page <https://un.example/1540>."),
        ('<a href="https://un.example/1540">https://un.example/1540</a>', "https://un.example/1540"),
        ('<a href="mailto:desk@1540.example">write</a>', "write"),
        ('<a href="javascript:alert(1)">press</a>', "press"),
        ("before<blockquote>quoted<br>twice</blockquote>after", "before\n> quoted\n> twice\nafter"),
        ("<pre>one\n  two</pre>", "one\ntwo"),
        ("1 < 2 and 3 > 2, a<b", "1 < 2 and 3 > 2, a<b"),
        ('<p title="it\'s > that">Words</p>', "Words"),
        ('<a href="x>Words</a> follow', "Words follow"),
        ("", ""),
    ],
)
def test_text_of_markup(markup: str, text: str) -> None:
    assert text_of(markup) == text


@pytest.mark.long
@pytest.mark.parametrize(
    "piece",
    ["<p>Words <b>here</b></p>\n", "<div>", "<", "<!", "<!--", '<a "', "<a '\"<a", "&", "&#", "<script ", "<style>",
     "<blockquote>x", "</a>", "<a href=x>y", '<div style="display:none">', "<br>", " ", "<title>", '<a b="c" '],
)  # fmt: skip
def test_no_markup_takes_more_than_linear_time(piece: str, nothing_collected: None) -> None:
    def seconds(size: int) -> float:
        markup = piece * (size // len(piece))
        start = resource.getrusage(resource.RUSAGE_SELF).ru_utime  # without what the system does to give memory
        text_of(markup)
        return resource.getrusage(resource.RUSAGE_SELF).ru_utime - start

    # Four times the length, at most eight times the time, once in twenty rounds: noise cannot do that to what is
    # quadratic, which takes sixteen times as long in each.
    assert any(seconds(400_000) < max(0.1, 8 * seconds(100_000)) for _round in range(20))


@pytest.mark.long
def test_five_megabytes_are_read_in_seconds() -> None:
    start = time.process_time()
    assert text_of("<p>Bonjour <b>le</b> monde</p>\n" * 170_000)
    assert time.process_time() - start < 20
