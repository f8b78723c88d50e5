"""What a submission is, judged by its words: a proposal that an officer may correct."""

import re

from committee.submissions import Kind

_POINT = "(point of contact|contact point|focal point|coordinator)"

_WORDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (Kind.NATIONAL_ACTION_PLAN, ("action plan", "plan d['’]action")),
    (
        Kind.EFFECTIVE_PRACTICE,
        ("(effective|good|best) (national )?practices?", "(bonnes?|meilleures?) pratiques?", "pratiques? efficaces?"),
    ),
    (Kind.ASSISTANCE_OFFER, ("offers? (of|to provide|for) (technical )?assistance", "assistance offer", "offre d['’]assistance")),
    (
        Kind.ASSISTANCE_REQUEST,
        ("request(s|ed|ing)?( for)? (technical |legislative )?assistance", "assistance request", "demande d['’]assistance"),
    ),
    (
        Kind.DESIGNATION,
        (f"designat\\w* .{{0,60}}{_POINT}", f"{_POINT}.{{0,60}}designat", "designation d['’]un (point|coordonnateur)"),
    ),
    (
        Kind.CONTACT_UPDATE,
        (
            "(change|update|new|changement|nouvelle?)s?( of| in| d['’]| de)? (our )?(contact|address|adresse|e-?mail|telephone)",
            "contact (details|update)",
        ),
    ),
    (
        Kind.ADDITIONAL_INFORMATION,
        (
            "(additional|supplementary|further|updated) (information|report)", "second (national )?report",
            "(renseignement|information)s? (complementaire|supplementaire)s?", "rapport (complementaire|actualise)",
        ),
    ),
    (Kind.FIRST_REPORT, (r"\breports?\b", r"\brapports?\b")),
)  # fmt: skip
"""What each kind is called in English and French, folded; the more particular kinds stand first."""

_SIGNS = tuple((kind, re.compile("|".join(words))) for kind, words in _WORDS)


def kind_of(places: tuple[str, ...], *, has_reported: bool, encloses: bool) -> Kind:
    """The kind that the words suggest; `places` are subject, file names and text, folded, the weightiest first.

    A report from a State that has reported is additional information; a report without an enclosure is a letter about
    one, so it is `other` until an officer says more.
    """
    for place in places:
        for kind, signs in _SIGNS:
            if signs.search(place):
                return _weighed(kind, has_reported=has_reported, encloses=encloses)
    return Kind.OTHER


def _weighed(kind: Kind, *, has_reported: bool, encloses: bool) -> Kind:
    if kind is not Kind.FIRST_REPORT:
        return kind
    if not encloses:
        return Kind.OTHER
    return Kind.ADDITIONAL_INFORMATION if has_reported else Kind.FIRST_REPORT
