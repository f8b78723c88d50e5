"""What can be shown of a letter's way is said in plain words, and never more than is known."""

from datetime import UTC, datetime

import pytest

from committee.letters import Copy, Delivery, DeliveryState, LetterKind
from committee.proofs import SAID, acceptances, accepted_by, has_it, in_both_zones, line_of, served, why_not

AT = datetime(2012, 9, 4, 14, 2, 7, tzinfo=UTC)
COPY = Copy(AT, "250 2.0.0 ok", "mail.malawi.example:25", "TLSv1.3 TLS_AES_256_GCM_SHA384", "ab" * 32)
D = DeliveryState


def delivery(state: DeliveryState, **facts: object) -> Delivery:
    return Delivery("l#1", "l", LetterKind.RECEIPT, "MWI", "l", "pm@malawi.example", state, AT, 0, **facts)


def test_every_kind_of_letter_has_plain_words():
    assert {*SAID} == {*LetterKind}


def test_a_server_in_the_domain_of_the_address_is_the_missions_own():
    assert accepted_by(COPY, "pm@malawi.example", "the mission") == (
        "accepted by the mission’s mail server mail.malawi.example at 10:02:07 on 4 September 2012, New York time"
    )


@pytest.mark.parametrize("server", ["relay.test:587", "notmalawi.example:25", "malawi.example.relay.test:25"])
def test_any_other_server_accepted_for_the_mission(server):
    said = accepted_by(Copy(AT, "250 ok", server, "", ""), "pm@malawi.example", "the mission")
    assert said.startswith(f"accepted for the mission by the mail server {server.partition(':')[0]} at 10:02:07")


def test_a_folder_is_never_called_a_mail_server_of_the_mission():
    said = accepted_by(Copy(AT, "250 2.0.0 kept as x", "/tmp/out", "", ""), "pm@malawi.example", "the mission")
    assert said.startswith("accepted for the mission by the folder that stands for a mail server")


def test_no_words_claim_that_somebody_has_read_it():
    said = accepted_by(COPY, "pm@malawi.example", "the mission")
    assert not {"read", "delivered", "received", "opened"} & {*said.split()}


def test_moments_bear_their_zones():
    assert in_both_zones(AT) == "4 September 2012, 10:02:07 New York (UTC-04:00), which is 2012-09-04 14:02:07 UTC"
    assert "(UTC-05:00), which is 2013-01-01 02:00:00 UTC" in in_both_zones(datetime(2013, 1, 1, 2, tzinfo=UTC))


def test_acceptances_are_the_copies_in_their_order():
    later = Copy(AT.replace(hour=15), "250 again", "relay.test", "", "ab" * 32)
    assert acceptances(delivery(D.SENT, copies=(later, COPY))) == (COPY, later)


def test_a_delivery_from_before_copies_were_kept_is_proven_by_its_row():
    old = delivery(D.SENT, reply="250 ok", server="relay.test", tls="TLSv1.2 X", sha256="cd" * 32)
    assert acceptances(old) == (Copy(AT, "250 ok", "relay.test", "TLSv1.2 X", "cd" * 32),)
    assert acceptances(delivery(D.QUEUED)) == ()


def test_a_party_is_served_when_one_of_its_addresses_has_accepted():
    assert served([delivery(D.REFUSED), delivery(D.SENT)])
    assert not served([delivery(D.REFUSED), delivery(D.QUEUED)])
    assert not served([])


def test_what_came_back_was_accepted_and_nobody_has_it():
    assert not has_it(delivery(D.BOUNCED, copies=(COPY,)))
    assert has_it(delivery(D.UNCERTAIN, copies=(COPY,)))  # the answer came when its lease had run out


@pytest.mark.parametrize("state", list(D))
def test_every_state_has_its_reason_in_words(state):
    assert why_not(delivery(state))


def test_reasons_quote_the_server_and_whoever_holds_it():
    assert why_not(delivery(D.REFUSED, reply="550 5.1.1 no such user")) == "it was refused: 550 5.1.1 no such user"
    assert why_not(delivery(D.HELD, held="wait (by Ana)")) == "it is held: wait (by Ana)"
    assert (
        why_not(delivery(D.LATER, reply="451 busy"), "it waits, stopped by Ana") == "it waits, stopped by Ana: 451 busy"
    )
    assert why_not(delivery(D.REFUSED), "it waits, stopped by Ana") == "it was refused"


def test_a_line_has_a_version_and_a_cipher_or_none():
    assert line_of(COPY.tls) == ("TLSv1.3", "TLS_AES_256_GCM_SHA384")
    assert line_of("") == ("", "")
