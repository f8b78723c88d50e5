"""What a submission is, judged by its words."""

import pytest

from committee.kinds import kind_of
from committee.names import fold
from committee.submissions import Kind


@pytest.mark.parametrize(
    ("subject", "has_reported", "encloses", "kind"),
    [
        ("First report of Malawi", False, True, Kind.FIRST_REPORT),
        ("National report under resolution 1540 (2004)", False, True, Kind.FIRST_REPORT),
        ("Premier rapport de la République centrafricaine", False, True, Kind.FIRST_REPORT),
        ("National report under resolution 1540 (2004)", True, True, Kind.ADDITIONAL_INFORMATION),
        ("Our report will follow", False, False, Kind.OTHER),
        ("Additional information from Ghana", True, True, Kind.ADDITIONAL_INFORMATION),
        ("Renseignements complémentaires", True, True, Kind.ADDITIONAL_INFORMATION),
        ("National implementation action plan", True, True, Kind.NATIONAL_ACTION_PLAN),
        ("Plan d’action national", True, True, Kind.NATIONAL_ACTION_PLAN),
        ("Effective national practices", True, True, Kind.EFFECTIVE_PRACTICE),
        ("Request for assistance", True, True, Kind.ASSISTANCE_REQUEST),
        ("Demande d'assistance", True, False, Kind.ASSISTANCE_REQUEST),
        ("Offer of assistance", True, False, Kind.ASSISTANCE_OFFER),
        ("Designation of our point of contact", True, False, Kind.DESIGNATION),
        ("Change of our contact details", True, False, Kind.CONTACT_UPDATE),
        ("Reception on Friday", True, False, Kind.OTHER),
    ],
)
def test_the_words_suggest_a_kind(subject: str, *, has_reported: bool, encloses: bool, kind: Kind) -> None:
    assert kind_of((fold(subject),), has_reported=has_reported, encloses=encloses) is kind


def test_the_subject_weighs_more_than_the_text() -> None:
    places = (fold("Request for assistance"), "", fold("as said in our first report"))
    assert kind_of(places, has_reported=False, encloses=True) is Kind.ASSISTANCE_REQUEST
