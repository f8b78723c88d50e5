"""Days, moments, sizes and kinds of submission, written out as each language of our letters writes them."""

from collections.abc import Mapping
from datetime import date, datetime

from committee.calendar import MONTHS, new_york
from committee.contacts import Office
from committee.submissions import SAID, Kind

FRENCH = "fr"
_MOIS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")  # fmt: skip  # noqa: E501 - one line of months

_FRENCH_KINDS: Mapping[Kind, str] = {
    Kind.FIRST_REPORT: "premier rapport",
    Kind.ADDITIONAL_INFORMATION: "informations complémentaires",
    Kind.NATIONAL_ACTION_PLAN: "plan d’action national",
    Kind.EFFECTIVE_PRACTICE: "pratiques efficaces",
    Kind.ASSISTANCE_REQUEST: "demande d’assistance",
    Kind.ASSISTANCE_OFFER: "offre d’assistance",
    Kind.DESIGNATION: "désignation d’un point de contact",
    Kind.CONTACT_UPDATE: "mise à jour des coordonnées",
    Kind.OTHER: "communication",
}
_OFFICES: Mapping[str, Mapping[Office, str]] = {
    "en": {
        Office.PERMANENT_MISSION: "Permanent Mission",
        Office.PERMANENT_REPRESENTATIVE: "Permanent Representative",
        Office.DEPUTY: "Deputy Permanent Representative",
        Office.EXPERT: "Expert",
        Office.NATIONAL_CONTACT_POINT: "National contact point",
        Office.MINISTRY: "Ministry",
        Office.DELEGATION: "Delegation",
        Office.OFFICE: "Office",
        Office.CORRESPONDENT: "Correspondent",
        Office.POINT_OF_CONTACT: "Point of contact",
        Office.MEMBER: "Member",
        Office.FORMER_MEMBER: "Former member",
        Office.SECRETARIAT: "Secretariat",
        Office.SUBSCRIBER: "Subscriber",
    },
    FRENCH: {
        Office.PERMANENT_MISSION: "Mission permanente",
        Office.PERMANENT_REPRESENTATIVE: "Représentant permanent",
        Office.DEPUTY: "Représentant permanent adjoint",
        Office.EXPERT: "Expert",
        Office.NATIONAL_CONTACT_POINT: "Point de contact national",
        Office.MINISTRY: "Ministère",
        Office.DELEGATION: "Délégation",
        Office.OFFICE: "Bureau",
        Office.CORRESPONDENT: "Correspondant",
        Office.POINT_OF_CONTACT: "Point de contact",
        Office.MEMBER: "Membre",
        Office.FORMER_MEMBER: "Ancien membre",
        Office.SECRETARIAT: "Secrétariat",
        Office.SUBSCRIBER: "Abonné",
    },
}
_NO_BREAK = "\N{NO-BREAK SPACE}"
_NOON = 12


def day_in(language: str, day: date) -> str:
    """4 September 2012; 4 septembre 2012, and 1er only for the first."""
    if language != FRENCH:
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{day.day}{'er' if day.day == 1 else ''} {_MOIS[day.month - 1]} {day.year}"


def span_in(language: str, start: date, end: date) -> str:
    """As a sentence has it: on 3 December 2012; from 29 to 31 October 2012; du 29 au 31 octobre 2012."""
    whole = day_in(language, end)
    if start == end:
        return f"le {whole}" if language == FRENCH else f"on {whole}"
    first = day_in(language, start)
    if start.year == end.year:
        first = first.removesuffix(f" {start.year}")
        first = first.partition(" ")[0] if start.month == end.month else first
    return f"du {first} au {whole}" if language == FRENCH else f"from {first} to {whole}"


def moment_in(language: str, moment: datetime) -> str:
    """A moment by New York's clock, which the letter names."""
    local = new_york(moment)
    if language == FRENCH:
        minutes = f"h{_NO_BREAK}{local:%M}" if local.minute else "heures" if local.hour > 1 else "heure"
        return f"{day_in(language, local.date())} à {local.hour}{_NO_BREAK}{minutes} (heure de New York)"
    half = "a.m." if local.hour < _NOON else "p.m."
    minutes = f".{local:%M}" if local.minute else ""
    return f"{day_in(language, local.date())}, {local.hour % _NOON or _NOON}{minutes}{_NO_BREAK}{half} (New York time)"


def size_in(language: str, size: int) -> str:
    """Bytes as people read them, in powers of a thousand."""
    small, thousand, million = ("octets", "ko", "Mo") if language == FRENCH else ("bytes", "KB", "MB")
    if size < 1_000:  # noqa: PLR2004 - a kilobyte
        return f"{size}{_NO_BREAK}{small}"
    if size < 999_500:  # noqa: PLR2004 - what rounds to a megabyte
        return f"{round(size / 1_000)}{_NO_BREAK}{thousand}"
    number = f"{size / 1_000_000:.1f}".removesuffix(".0")
    return f"{number.replace('.', ',') if language == FRENCH else number}{_NO_BREAK}{million}"


def kind_in(language: str, kind: Kind) -> str:
    return _FRENCH_KINDS[kind] if language == FRENCH else SAID[kind]


def office_in(language: str, office: Office) -> str:
    return _OFFICES[FRENCH if language == FRENCH else "en"][office]
