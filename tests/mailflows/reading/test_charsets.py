"""Text in the charsets that missions write in, named rightly, wrongly or not at all."""

import pytest

from mailflows.reading import read
from mailflows.reading.charsets import decoded
from tests.mailflows.reading.mails import mail, reading_of

TEXTS = {
    "ru": "Уважаемые коллеги, направляем доклад и просим подтвердить получение.",
    "ar": "السادة الزملاء، نرفق لكم التقرير الأول ونرجو تأكيد الاستلام.",
    "zh": "各位同事：随函附上首次报告，请确认收到。",
    "fr": "Chers collègues, vous trouverez ci-joint le premier rapport de la République et les annexes.",
    "es": "Estimados colegas: adjuntamos el primer informe de la República y los anexos para su información.",
    "en": "Dear colleagues, please find attached the first report of the Republic and its annexes.",
}


@pytest.mark.parametrize(
    ("language", "charset"),
    [
        ("ru", "koi8-r"), ("ru", "windows-1251"), ("ru", "iso-8859-5"), ("ru", "utf-8"), ("ru", "cp1251"),
        ("ar", "windows-1256"), ("ar", "iso-8859-6"), ("ar", "utf-8"),
        ("zh", "gb18030"), ("zh", "gb2312"), ("zh", "utf-8"),
        ("fr", "iso-8859-1"), ("fr", "windows-1252"), ("fr", "utf-8"), ("fr", "iso-8859-15"),
        ("es", "iso-8859-1"), ("es", "utf-8"), ("en", "us-ascii"),
    ],
)  # fmt: skip
def test_the_six_languages_are_read_and_guessed_in_their_charsets(language: str, charset: str) -> None:
    reading = reading_of(TEXTS[language], charset=charset)
    assert (reading.text, reading.language, reading.problems) == (TEXTS[language], language, ())


def test_traditional_chinese_and_japanese_are_read() -> None:
    assert reading_of("各位同事:隨函附上報告", charset="big5").text == "各位同事:隨函附上報告"
    japanese = reading_of("報告書をお送りします", charset="iso-2022-jp")
    assert (japanese.text, japanese.language) == ("報告書をお送りします", None)


@pytest.mark.parametrize(
    "declared", ["", "us-ascii", "utf-8", "x-unknown", "no-such-charset", "hex", "zlib", "idna", "\0", "unicode_escape"]
)
def test_bytes_without_a_true_charset_are_utf8_or_windows_1252(declared: str) -> None:
    assert decoded("Procès-verbal".encode(), declared, []) == "Procès-verbal"
    assert decoded("Procès-verbal".encode("cp1252"), declared, []) == "Procès-verbal"


@pytest.mark.parametrize(
    ("name", "codec"),
    [("ansi_x3.110-1983", "cp1252"), ("cp-850", "cp850"), ("windows-1250", "cp1250"), ("x-windows-1251", "cp1251"),
     ('"ISO-8859-1"', "cp1252"),
     ("unicode-1-1-utf-7", "utf-7"), ("x-gbk", "gbk"), ("iso-8859-8-i", "iso-8859-8")],
)  # fmt: skip
def test_old_names_of_charsets_are_known(name: str, codec: str) -> None:
    problems: list[str] = []
    text = "é" if codec in {"cp1252", "cp850", "cp1250", "utf-7", "gbk"} else {"cp1251": "ж", "iso-8859-8": "ש"}[codec]
    assert decoded(text.encode(codec), name, problems) == text
    assert problems == []


def test_an_unknown_charset_is_a_problem_that_names_it() -> None:
    assert "'no-such'" in reading_of("abc", "Content-Type: text/plain; charset=no-such").problems[0]


def test_a_few_broken_bytes_lose_only_themselves() -> None:
    raw = "Доклад о выполнении резолюции".encode()
    assert read(mail(raw[:9] + b"\xff" + raw[9:])).text.count("\ufffd") <= 2
    assert "резолюции" in read(mail(raw + b"\xd0")).text
    assert decoded("报告".encode("gb18030") + b"\xff", "gb18030", []).startswith("报告")


def test_no_text_holds_a_lone_surrogate() -> None:
    decoded(b"+2AA-", "utf-7", []).encode()


def test_html_says_its_charset_itself() -> None:
    html = '<html><head><meta charset="windows-1251"></head><body>Доклад</body></html>'.encode("cp1251")
    assert read(mail(html, "Content-Type: text/html")).text == "Доклад"


def test_no_language_is_guessed_from_too_little() -> None:
    assert [reading_of(text).language for text in ("", "OK", "Merci.", "12345 67890")] == [None] * 4
