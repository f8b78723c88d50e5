"""The new words apart from the quotes: mail as people's programs write it, in six languages."""

import pytest

from mailflows.reading import read
from mailflows.reading.replies import new_words
from tests.mailflows.reading.mails import many, multipart, part, reading_of

WORDS = "We thank the Committee and confirm the date."


@pytest.mark.parametrize(
    "attribution",
    [
        "On Tue, 4 Sep 2012 at 10:00, Secretariat <desk@1540.example> wrote:",
        "On Tue, 4 Sep 2012 at 10:00, Secretariat of the 1540 Committee\n<desk@1540.example> wrote:",
        "On 4 Sep 2012, at 10:00,\nSecretariat of the Committee\n<desk@1540.example> wrote:",
        "Le mar. 4 sept. 2012 à 10:00, Secrétariat <desk@1540.example> a écrit :",
        "Le 4 septembre 2012 à 10:00, Secrétariat\n<desk@1540.example> a écrit :",
        "El mar, 4 sept 2012 a las 10:00, Secretaría (<desk@1540.example>) escribió:",
        "вт, 4 сент. 2012 г. в 10:00, Secretariat <desk@1540.example>:",
        "4 сентября 2012, 10:00, Секретариат пишет:",
        "4 сентября 2012 г., 10:00, Секретариат <desk@1540.example> написал(а):",
        "في الثلاثاء، ٤ سبتمبر ٢٠١٢ في ١٠:٠٠ ص تمت كتابة ما يلي بواسطة \u200fSecretariat\u200f <\u200fdesk@1540.example\u200f>:\u200f",
        "Secretariat <desk@1540.example> 于2012年9月4日周二 10:00写道：",
    ],
)
@pytest.mark.parametrize("mark", ["> ", ">"])
def test_what_stands_above_a_quote_is_the_reply(attribution: str, mark: str) -> None:
    quote = f"{attribution}\n\n{mark}Please confirm the date.\n{mark}\n{mark}The Secretariat"
    assert new_words(f"{WORDS}\n\n{quote}\n") == WORDS


def test_an_attribution_goes_with_its_quote() -> None:
    text = f"{WORDS}\n\nOn 4 Sep 2012, Secretariat\n<desk@1540.example> wrote:\n\n> Please confirm.\n> Thank you."
    assert new_words(text) == WORDS


@pytest.mark.parametrize(
    "block",
    [
        "From: Secretariat <desk@1540.example>\nSent: Tuesday, September 4, 2012 10:00 AM\nTo: PM\nSubject: Date\n",
        "________________________________\nFrom: Secretariat\nSent: 04 September 2012 10:00\nTo: PM\nSubject: Date\n",
        "De : Secrétariat <desk@1540.example>\nEnvoyé : mardi 4 septembre 2012 10:00\nÀ : Mission\nObjet : Date\n",
        "*De :* Secrétariat\n*Envoyé :* mardi 4 septembre 2012 10:00\n*À :* Mission\n*Objet :* Date\n",
        "De: Secretaría\nEnviado el: martes, 4 de septiembre de 2012 10:00\nPara: Misión\nAsunto: Fecha\n",
        "От: Секретариат\nОтправлено: 4 сентября 2012 г. 10:00\nКому: Миссия\nТема: Дата\n",
        "من: الأمانة\nتاريخ الإرسال: 04 سبتمبر, 2012 10:00\nإلى: البعثة\nالموضوع: التاريخ\n",
        "发件人: 秘书处\n发送时间: 2012年9月4日 10:00\n收件人: 代表团\n主题: 日期\n",
        "-----Original Message-----\nFrom: Secretariat\n",
        "-----Message d'origine-----\nDe : Secrétariat\n",
        "---------- Forwarded message ---------\nFrom: Secretariat\n",
    ],
)
def test_what_stands_above_the_copy_of_an_earlier_message_is_the_reply(block: str) -> None:
    assert new_words(f"{WORDS}\n\n{block}\nPlease confirm the date.\n") == WORDS


def test_answers_between_the_quotes_and_below_them_are_kept() -> None:
    text = (
        "On 4 Sep 2012, Secretariat <desk@1540.example> wrote:\n> Which day suits you?\n\nThe 20th.\n\n"
        "> Who will come?\n> How many?\n\nTwo experts.\n\nSent from my iPhone"
    )
    assert new_words(text) == "The 20th.\n\n\nTwo experts.\n\nSent from my iPhone"


def test_a_forward_without_a_word_is_all_of_it() -> None:
    text = "---------- Forwarded message ---------\nFrom: Capital <nca@malawi.gov.example>\nDate: 4 Sep 2012\n\nOur report."
    assert new_words(text) == text


def test_a_message_that_is_nothing_but_quotes_is_all_of_it() -> None:
    assert new_words("> one\n> two") == "> one\n> two"


@pytest.mark.parametrize(
    "text",
    [
        "Dear colleagues,\n\nIn 2004 the Council wrote:\n\nAll States shall refrain from support.\n\nWe agree.",
        "We store\n> 100 tonnes\nin one place.",
        "Note:\n\nFrom: Permanent Mission of Malawi\nTo: The Committee\nDate: 4 September 2012\nSubject: Report\n\nText.",
        "We will come.\nOn the 20th of May 2012 we leave.\nThe Mission",
    ],
)
def test_a_persons_own_words_are_never_taken_for_a_quote(text: str) -> None:
    assert new_words(text) == text


def test_a_sentence_above_a_wrapped_attribution_is_kept() -> None:
    text = "Please see below.\nOn 4 Sep 2012, Secretariat\n<desk@1540.example> wrote:\n> Which day?\n> Thanks"
    assert new_words(text) == "Please see below."


def test_a_signature_is_kept() -> None:
    text = "Agreed.\n\n-- \nA. Banda\nNational Authority, +265 000 000\n\nOn 4 Sep 2012, D <d@1540.example> wrote:\n> Agree?\n> Yes?"
    assert new_words(text).endswith("National Authority, +265 000 000")


def test_a_reply_in_html_alone_loses_its_quote() -> None:
    html = (
        '<div dir="ltr">Nous confirmons la date.</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        'Le mar. 4 sept. 2012 à 10:00, Secrétariat &lt;<a href="mailto:desk@1540.example">desk@1540.example</a>&gt; '
        "a écrit :<br></div><blockquote>Veuillez confirmer la date.<br>Merci.</blockquote></div>"
    )
    reading = reading_of(html, "Content-Type: text/html; charset=utf-8")
    assert reading.reply == "Nous confirmons la date."
    assert "> Veuillez confirmer la date." in reading.text


def test_an_outlook_reply_in_html_alone_loses_its_quote() -> None:
    html = (
        "<html><head><style>p {margin:0}</style></head><body><p>Nous confirmons.<o:p></o:p></p><div style='border-top:solid'>"
        "<p><b>De&nbsp;:</b> Secrétariat &lt;desk@1540.example&gt;<br><b>Envoyé&nbsp;:</b> mardi 4 septembre 2012 10:00<br>"
        "<b>À&nbsp;:</b> Mission<br><b>Objet&nbsp;:</b> Date</p></div><p>Veuillez confirmer.</p></body></html>"
    )
    assert reading_of(html, "Content-Type: text/html; charset=utf-8").reply == "Nous confirmons."


def test_of_two_alternatives_the_plain_one_is_read() -> None:
    plain, html = part("text/plain; charset=utf-8", WORDS), part("text/html", f"<p><b>{WORDS}</b></p>")
    assert read(multipart(plain, html, kind="alternative")).text == WORDS
    assert read(multipart(part("text/plain", "\r\n"), html, kind="alternative")).text == WORDS
    assert read(
        multipart(many("alternative", plain, html, boundary="b2"), part("text/plain", "footer"))
    ).text.startswith(WORDS)


def test_flowed_lines_are_joined() -> None:
    reading = reading_of("We confirm \r\nthe date.\r\n-- \r\nA. Banda", "Content-Type: text/plain; format=flowed")
    assert reading.text == "We confirm the date.\n-- \nA. Banda"


def test_a_paragraph_that_flows_over_very_many_lines_is_joined_at_once() -> None:
    text = reading_of("a \r\n" * 200_000, "Content-Type: text/plain; format=flowed").text
    assert text == ("a " * 200_000).strip()
