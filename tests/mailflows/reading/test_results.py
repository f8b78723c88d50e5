"""Whose word counts about the sender: our own server's, its topmost header alone, and only for the one From."""

import pytest

from mailflows.reading import Authentication, authentication, read
from tests.mailflows.reading.mails import mail, reading_of

OURS = "mx.1540.example"
PASSED = (
    f"Authentication-Results: {OURS};\r\n spf=pass smtp.mailfrom=malawi.mission.example;\r\n"
    " dkim=pass header.d=malawi.mission.example;\r\n"
    " dmarc=pass (p=none; dis=none) header.from=malawi.mission.example; arc=none"
)


def aligned(*fields: str, authserv_id: str | None = OURS) -> bool | None:
    return authentication(reading_of("x", *fields), authserv_id).aligned


def test_a_passed_dmarc_of_the_from_domain_by_our_server_is_aligned() -> None:
    results = authentication(reading_of("x", PASSED), OURS.upper())
    assert results == Authentication("pass", "pass", "pass", "none", aligned=True)


def test_without_an_id_of_ours_nothing_is_known() -> None:
    assert authentication(reading_of("x", PASSED), None) == Authentication()


def test_only_the_topmost_header_under_our_id_counts() -> None:
    failed = PASSED.replace("dmarc=pass", "dmarc=fail")
    assert aligned(failed, PASSED) is False
    assert aligned(PASSED, failed) is True
    assert aligned(PASSED.replace(OURS, "mx.evil.example"), PASSED) is True
    assert aligned(PASSED.replace(OURS, "mx.evil.example")) is False
    assert aligned() is False


@pytest.mark.parametrize(
    "header",
    [
        f"{OURS}; dmarc=pass header.from=evil.example",
        f"{OURS}; dmarc=pass",
        f'{OURS}; dmarc=fail reason="dmarc=pass header.from=malawi.mission.example" header.from=malawi.mission.example',
        f'{OURS}; dmarc=pass reason="header.from=malawi.mission.example" header.from=evil.example',
        f'{OURS}; spf=pass smtp.mailfrom="x; dmarc=pass header.from=malawi.mission.example"',
        f"{OURS}; (dmarc=pass header.from=malawi.mission.example) dmarc=none",
        f"{OURS}; (a (nested) comment; dmarc=pass header.from=malawi.mission.example",
        f"{OURS}; dmarc=pass header.from=evil.example; dmarc=pass header.from=malawi.mission.example",
        f"{OURS} 1; none",
        f"mx.evil.example {OURS}; dmarc=pass header.from=malawi.mission.example",
        "", ";;;", "=", '"', "(", "\\",
    ],
)  # fmt: skip
def test_nothing_less_is_aligned(header: str) -> None:
    assert aligned(f"Authentication-Results: {header}") is False


def test_more_than_one_from_is_never_aligned() -> None:
    two = "From: pm@malawi.mission.example, x@evil.example"
    assert authentication(read(mail("x", PASSED, sender=two)), OURS).aligned is False


def test_a_server_that_writes_no_id_is_believed_when_the_setting_says_so() -> None:
    microsoft = (
        "Authentication-Results: spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=malawi.mission.example; dkim=pass;"
        " dmarc=pass action=none header.from=malawi.mission.example;compauth=pass reason=100"
    )
    assert aligned(microsoft, authserv_id="") is True
    assert aligned(PASSED, microsoft, authserv_id="") is False
    assert aligned(authserv_id="") is False


def test_domains_compare_as_a_labels() -> None:
    raw = mail(
        "x",
        f"Authentication-Results: {OURS}; dmarc=pass header.from=xn--bcher-kva.example",
        sender="From: a@Bücher.example",
    )
    assert authentication(read(raw), OURS).aligned is True


def test_a_header_of_ours_that_is_too_long_counts_as_one_without_results_and_none_below_it_instead() -> None:
    signatures = "; ".join("dkim=pass header.d=malawi.mission.example" for _ in range(300))
    assert aligned(f"{PASSED}; {signatures}", PASSED) is False
    assert aligned(f"Authentication-Results: elsewhere.example; {signatures}", PASSED) is True


def test_forged_headers_in_thousands_are_not_looked_at() -> None:
    forged = [f"Authentication-Results: elsewhere.example {'x' * 9_000}"] * 1_000
    assert aligned(PASSED, *forged) is True
    assert aligned(*forged, PASSED) is False
