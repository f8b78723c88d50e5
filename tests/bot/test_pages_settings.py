"""Where the pages behind links are: a wrong setting is one sentence, and doctor says what is served."""

import pytest

from bot.doctor import pages
from bot.settings import Settings, WrongSetting, read_settings


@pytest.mark.parametrize(
    "value",
    ["desk.example", "http://desk.example", "https://", "https://desk.example/sub", "https://a@desk.example", "https://desk.example?x"],
)  # fmt: skip
def test_links_lead_to_a_host_over_tls_and_to_nothing_else(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("VERBALE_PUBLIC_URL", value)
    with pytest.raises(
        WrongSetting, match=r"VERBALE_PUBLIC_URL .* for example VERBALE_PUBLIC_URL=https://desk\.example"
    ):
        read_settings()


@pytest.mark.parametrize(
    "value", ["8542", "desk.example:8542", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:x"]
)
def test_it_is_listened_at_an_address_of_this_host(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("VERBALE_LISTEN", value)
    with pytest.raises(WrongSetting, match="VERBALE_LISTEN"):
        read_settings()


def test_what_is_right_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBALE_PUBLIC_URL", "https://desk.example/")
    monkeypatch.setenv("VERBALE_LISTEN", "[::1]:8542")
    settings = read_settings()
    assert (settings.public_url, settings.listen) == ("https://desk.example", ("::1", 8542))


@pytest.mark.parametrize(
    ("url", "listen", "said"),
    [
        (None, None, "confirmed by reply"),
        (None, ("127.0.0.1", 8542), "VERBALE_PUBLIC_URL is not set"),
        ("https://desk.example", ("192.0.2.1", 8542), "without TLS"),
        ("https://desk.example", None, "links lead to https://desk.example/t/"),
    ],
)
def test_doctor_says_what_is_served(url: str | None, listen: tuple[str, int] | None, said: str) -> None:
    [found] = pages.examine(Settings.model_construct(public_url=url, listen=listen))
    assert said in found.found
