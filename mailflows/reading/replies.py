"""The new words of a reply, apart from what they quote; where in doubt a quote is kept rather than a sentence lost."""

import re

from mailflows.reading.headers import DIRECTION

LOOKED_AHEAD = 3  # lines that an attribution may be wrapped over
BLOCK = 6  # lines that a block of quoted header fields may have

WROTE = re.compile(
    r".{0,300}?"
    r"(?:\bwrote|\ba écrit|escribió|пишет|написал(?:\(а\)|а)?|"
    r"كتبت?\b.{0,100}|كتابة ما يلي بواسطة.{0,100}|写道|寫道|\d{4}\b.{0,200}<[^<>\s]+@[^<>\s]+>)\s*[:：]\s*",
    re.IGNORECASE | re.DOTALL,
)
"""The end of an attribution in the six languages; its line must also hold a date or an address."""
WHO_OR_WHEN = re.compile(r"@|\d{4}|\d{1,2}[:h.]\d{2}|\d年")
SURELY = re.compile(r"<[^<>\s]+@|\d{4}.*\d{1,2}[:h]\d{2}|\d{1,2}[:h]\d{2}.*\d{4}")
"""What an attribution has and a sentence ("In 2004 the Council wrote:") has not."""
OPENING = re.compile(r"(?:on|le|el|am|em|il|op|в|пн|вт|ср|чт|пт|сб|вс|\d+|في|بتاريخ|于|在)\b", re.IGNORECASE)
SEPARATOR = re.compile(
    r"[-_=\s]*(?:original message|original appointment|forwarded message|message d['\u2019]origine|message original|"
    r"message transféré|"
    r"mensaje original|mensaje reenviado|исходное сообщение|"
    r"пересланное сообщение|"
    r"الرسالة الأصلية|原始邮件|原始郵件|转发的邮件|"
    r"début du message (?:réexpédié|transféré)|begin forwarded message)[-_=:\s]*",
    re.IGNORECASE,
)
FROM = re.compile(r"[*\s]*(?:from|de|von|от(?:кого)?|من|发件人|寄件者)[*\s\xa0]*[:：].*\S", re.IGNORECASE)
FIELDS = re.compile(
    r"[*\s]*(?:sent|date|to|subject|cc|envoyé|à|objet|enviado(?: el)?|fecha|para|asunto|"
    r"отправлено|дата|кому|копия|тема|"
    r"تاريخ الإرسال|التاريخ|إلى|الموضوع|"
    r"发送时间|日期|收件人|主题|抄送)[*\s\xa0]*[:：]",
    re.IGNORECASE,
)
TIME = re.compile(r"\d{1,2}[:h.]\d{2}")
QUOTED = re.compile(r"\s?[>＞]")
RULE = re.compile(r"[_\-*\s]{5,}")


def new_words(text: str) -> str:
    """`text` without its quotes; the whole of it where nothing would be left, as in a forward without a word."""
    lines = text.splitlines()
    many = sum(bool(QUOTED.match(line)) for line in lines) > 1  # a single one may be their own: "> 100 tonnes"
    kept: list[str] = []
    at = 0
    while at < len(lines):
        if QUOTED.match(lines[at]):
            end = _end_of_quote(lines, at)
            kept += [] if end - at > 1 or many else lines[at:end]
            at = end
        elif length := _attribution(lines, at):
            if first := _first_marked(lines, at + length):
                at = _end_of_quote(lines, first)
            elif _said(kept) and SURELY.search(
                " ".join(lines[at : at + length])
            ):  # unmarked: all that follows is the quote
                break
            else:
                kept.append(lines[at])
                at += 1
        elif _begins_original(lines, at) and _said(kept):
            break
        else:
            kept.append(lines[at])
            at += 1
    while kept and (not kept[-1].strip() or RULE.fullmatch(kept[-1])):
        kept.pop()
    return "\n".join(kept).strip() or text.strip()


def _said(kept: list[str]) -> bool:
    return any(re.search(r"\w", line) for line in kept)


def _end_of_quote(lines: list[str], start: int) -> int:
    end = start
    while end < len(lines) and QUOTED.match(lines[end]):
        end += 1
    return end


def _attribution(lines: list[str], start: int) -> int:
    """How many lines an attribution (`On 3 May 2012, A <a@b.example> wrote:`) takes from here; 0 if none begins."""
    for length in range(1, LOOKED_AHEAD + 1):
        wrapped = [DIRECTION.sub("", line).strip() for line in lines[start : start + length]]
        if not wrapped[-1] or len(wrapped) < length or (length > 1 and not _goes_on(wrapped)):
            return 0
        words = " ".join(wrapped)
        if words.endswith((":", "：")) and WROTE.fullmatch(words) and WHO_OR_WHEN.search(words):
            return length
    return 0


def _goes_on(wrapped: list[str]) -> bool:
    """Whether the last of these lines may continue an attribution that began in the first: no sentence is drawn in."""
    begun = OPENING.match(wrapped[0]) and re.search(r"\d", wrapped[0]) and not re.search(r"[.!?]$", wrapped[0])
    return bool(begun) and not OPENING.match(wrapped[-1])


def _first_marked(lines: list[str], start: int) -> int:
    """The marked line that an attribution is followed by, empty lines aside; 0 if it is followed by another."""
    following = next((at for at in range(start, min(start + 4, len(lines))) if lines[at].strip()), 0)
    return following if following and QUOTED.match(lines[following]) else 0


def _begins_original(lines: list[str], start: int) -> bool:
    """Whether a mail program's copy of the earlier message begins here: its separator, or its header fields."""
    if SEPARATOR.fullmatch(lines[start]) and re.search(r"[-_:]", lines[start]):
        return True
    if not FROM.match(lines[start]):
        return False
    block = [line for line in lines[start + 1 : start + 1 + BLOCK] if FIELDS.match(line)]
    # a memorandum of their own has a day, only mail programs write the time too
    return len(block) > 1 and any(TIME.search(line) for line in block)
