"""HTML becomes text that reads the same: hidden words go, links keep their target, quotes get their marks. Linear in its length."""

import html
import re

# No alternative reads past the next `<`, or it reads to the end once: so no input makes it quadratic.
TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<unseen>script|style|title|noframes)\b(?=[\s>]).*?(?:</(?P=unseen)\s*>|\Z)"
    r"|<[!?][^<>]*+>"
    r"""|<(?P<close>/?)(?P<tag>[a-z][^\s<>/]*+)(?P<attributes>(?>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*))>"""
    r"|<(?P<close2>/?)(?P<tag2>[a-z][^\s<>/]*+)(?P<attributes2>[^<>]*+)>"
    r"|(?P<text>(?>(?:[^<]++|<(?![a-z/!?]))+)|<)",
    re.IGNORECASE | re.DOTALL,
)
BLOCKS = frozenset({
    "address", "article", "blockquote", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hr", "li", "ol", "pre", "section", "table", "tr", "ul",
})  # fmt: skip
EMPTY = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr",
})  # fmt: skip
HIDDEN = re.compile(
    r"""\bhidden\b(?!\s*=\s*["']?(?:false|until))|display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden""",
    re.IGNORECASE,
)
DEEPEST = 10  # quotation marks before a line
NO_HIDING = re.compile(
    r"""(?:class|title|alt|href|src|overflow[\w-]*)\s*[=:]\s*(?:"[^"]*"|'[^']*'|\w+)""", re.IGNORECASE
)
HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)


def text_of(markup: str) -> str:
    """The readable words of an HTML body, a line for each block."""
    page = _Page(keep_hidden=False)
    page.read(markup)
    if page.hidden:  # an element that hides what follows was never closed: rather too much than too little
        page = _Page(keep_hidden=True)
        page.read(markup)
    return page.text()


class _Page:
    def __init__(self, *, keep_hidden: bool) -> None:
        self.keep_hidden = keep_hidden
        self.lines: list[tuple[int, list[str]]] = [(0, [])]  # depth of quotation, pieces
        self.quotes = 0
        self.as_written = 0
        self.hidden = 0
        self.hiding = ""
        self.target = ""
        self.linked_from = 0

    def read(self, markup: str) -> None:
        for token in TOKEN.finditer(markup):
            if words := token["text"]:
                self._words(words)
            elif tag := token["tag"] or token["tag2"]:
                closing = bool(token["close"] or token["close2"])
                self._tag(tag.lower(), token["attributes"] or token["attributes2"] or "", closing=closing)

    def text(self) -> str:
        lines = [
            "> " * min(depth, DEEPEST) + re.sub(r"(?<=\S) {2,}", " ", "".join(pieces)).strip()
            for depth, pieces in self.lines
        ]
        return re.sub(r"(\n(?:> )*)(?:\1)+\1", r"\1\1", "\n".join(lines)).strip()

    def _words(self, words: str) -> None:
        if self.hidden:
            return
        words = html.unescape(words)
        if self.as_written:
            first, *others = words.splitlines() or [""]
            self._put(first)
            for line in others:
                self._break()
                self._put(line)
            return
        self._put(re.sub(r"[ \t\r\n\f\xa0]+", " ", words))

    def _tag(self, tag: str, attributes: str, *, closing: bool) -> None:
        if self.hidden or (not closing and self._hides(tag, attributes)):
            self._hide(tag, attributes, closing=closing)
        elif tag == "br":
            self._break()
        elif tag == "a":
            self._link(attributes, closing=closing)
        elif tag in {"td", "th"} and closing:
            self._put(" ")
        elif tag == "p" or tag in BLOCKS:
            self._block(tag, closing=closing)

    def _hides(self, tag: str, attributes: str) -> bool:
        return not self.keep_hidden and tag not in EMPTY and bool(HIDDEN.search(NO_HIDING.sub("", attributes[:5_000])))

    def _hide(self, tag: str, attributes: str, *, closing: bool) -> None:
        if not self.hidden:
            self.hiding = tag
        if tag == self.hiding and not attributes.endswith("/"):
            self.hidden += -1 if closing else 1

    def _block(self, tag: str, *, closing: bool) -> None:
        change = -1 if closing else 1
        if self.lines[-1][1]:
            self._break()
        if tag == "blockquote":
            self.quotes = max(0, self.quotes + change)
            self.lines[-1] = (self.quotes, self.lines[-1][1])
        elif tag == "pre":
            self.as_written = max(0, self.as_written + change)
        elif tag == "p" and len(self.lines) > 1 and self.lines[-2][1]:
            self._break()
        elif tag == "li" and not closing:
            self._put("- ")

    def _link(self, attributes: str, *, closing: bool) -> None:
        if not closing:
            found = HREF.search(attributes[:5_000])
            self.target = html.unescape(next(filter(None, found.groups()), "")).strip() if found else ""
            self.linked_from = len(self.lines[-1][1])
            return
        shown = "".join(self.lines[-1][1][self.linked_from :])
        if self.target.lower().startswith(("http:", "https:")) and self.target.rstrip("/") not in shown:
            self._put(f" <{self.target}>")
        self.target = ""

    def _put(self, words: str) -> None:
        if words.strip() or self.lines[-1][1]:
            self.lines[-1][1].append(words)

    def _break(self) -> None:
        self.lines.append((self.quotes, []))
