"""The columns of a table of contacts, by their headings in the six languages' plain words, in any order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from committee.names import fold
from committee.sheets import Row, Sheet

LOOKED_AT: Final = 20
"""Rows in which the headings are looked for; above them a title may stand."""


class Column(StrEnum):
    """What a column says; the value is the heading of an export."""

    KEY = "key"
    PARTY = "party"
    OFFICE = "office"
    STYLE = "form of address"
    NAME = "name"
    TITLE = "title"
    PRONOUN = "his or her"
    ADDRESS = "e-mail"
    TELEPHONE = "telephone"
    LANGUAGES = "languages"
    ORDER = "order"
    START = "from"
    END = "until"
    PERSON = "person"


_SAID: Final[Mapping[Column, str]] = {
    Column.KEY: "key|contact key",
    Column.PARTY: "party|state|country|member state|organization|organisation|state or organization|"
    "état|pays|partie|organisation|état ou organisation|estado|país|parte|organización|"
    "государство|страна|сторона|организация|الدولة|دولة|البلد|الطرف|المنظمة|国家|组织|缔约方|会员国",
    Column.OFFICE: "office|role|capacity|function|bureau|qualité|fonction|rôle|calidad|cargo oficial|función|"
    "роль|функция|качество|الصفة|الدور|الوظيفة|职能|角色|身份",
    Column.STYLE: "form of address|style|salutation|prefix|formule d'appel|appel|civilité|tratamiento|"
    "обращение|اللقب|صيغة المخاطبة|称呼|尊称",
    Column.NAME: "name|full name|contact|contact name|person name|nom|nom complet|nom et prénom|nombre|"
    "nombre completo|nombre y apellidos|имя|фамилия|фио|имя и фамилия|الاسم|الاسم الكامل|姓名|名字|联系人",
    Column.TITLE: "title|rank|job title|titre|grade|cargo|título|должность|звание|المنصب|المسمى الوظيفي|职务|职称|头衔",
    Column.PRONOUN: "his or her|pronoun|his her|gender|pronom|pronombre|местоимение|الضمير|性别",
    Column.ADDRESS: "e mail|email|mail|e mail address|email address|address|adresse électronique|courriel|adresse|"
    "correo electrónico|correo|dirección electrónica|электронная почта|адрес электронной почты|эл почта|почта|"
    "البريد الإلكتروني|البريد الالكتروني|العنوان الإلكتروني|电子邮件|电邮|邮箱|电子邮箱",
    Column.TELEPHONE: "telephone|phone|tel|telephone number|phone number|téléphone|tél|teléfono|телефон|тел|"
    "الهاتف|رقم الهاتف|电话|电话号码",
    Column.LANGUAGES: "languages|language|langues|langue|idiomas|idioma|языки|язык|اللغات|اللغة|语言|语文",
    Column.ORDER: "order|rank order|ordre|orden|порядок|الترتيب|顺序|次序",
    Column.START: "from|since|start|begin|valid from|de|depuis|à partir du|début|desde|с|начало|من|منذ|自|起|开始日期",
    Column.END: "until|end|to|valid until|jusqu'au|fin|hasta|по|до|конец|حتى|إلى|至|止|结束日期",
    Column.PERSON: "person|first address of the person|personne|persona",
}
_SIGNS: Final = re.compile(r"[\s:*()./_\-–—?№#]+")


def _plain(heading: str) -> str:
    return _SIGNS.sub(" ", fold(heading)).strip()


_KNOWN: Final = {_plain(words): column for column, said in _SAID.items() for words in (*said.split("|"), column.value)}


def column_named(heading: str) -> Column | None:
    return _KNOWN.get(_plain(heading))


@dataclass(frozen=True, slots=True)
class Headings:
    """Which column stands where; `first` is the place in the sheet's rows of the first row of contacts."""

    columns: Mapping[Column, int]
    first: int
    not_read: tuple[tuple[int, str], ...]  # where, and what stands above it

    def repeated_in(self, row: Row) -> bool:
        """Whether the headings stand there once more, as a printed page has them."""
        return sum(column_named(row.cell(where)) is column for column, where in self.columns.items()) > 1


def headings_of(sheet: Sheet) -> Headings | None:
    """The row of headings, or two rows under which a column's words are joined; None where a sheet has none.

    Two rows count where together they name more columns than either alone, as where "Contact" stands above "Name" and "E-mail".
    """
    top = sheet.rows[:LOOKED_AT]
    single = [_headings(row.cells, at + 1) for at, row in enumerate(top)]
    double = [_headings(_joined(one, other), at + 2) for at, (one, other) in enumerate(pairwise(top))]
    for at, one in enumerate(single):
        both = double[at] if at < len(double) else one
        beneath = single[at + 1] if at + 1 < len(single) else one
        if len(both.columns) > max(len(one.columns), len(beneath.columns)) and _suffices(both):
            return both
        if _suffices(one):
            return one
    return None


def _suffices(headings: Headings) -> bool:
    """A contact is some party's, and has an address or a key."""
    return Column.PARTY in headings.columns and bool({Column.ADDRESS, Column.KEY} & headings.columns.keys())


def _joined(upper: Row, lower: Row) -> list[str]:
    width = max(len(upper.cells), len(lower.cells))
    return [_the_known(upper.cell(where), lower.cell(where)) for where in range(width)]


def _the_known(upper: str, lower: str) -> str:
    ways = (lower, f"{upper} {lower}", upper)
    return next((words for words in ways if column_named(words)), f"{upper} {lower}")


def _headings(cells: Sequence[str], first: int) -> Headings:
    columns: dict[Column, int] = {}
    others: list[tuple[int, str]] = []
    for where, heading in enumerate(cells):
        column = column_named(heading)
        if column and column not in columns:
            columns[column] = where
        elif heading.strip():
            others.append((where, heading.strip()))
    return Headings(columns, first, tuple(others))
