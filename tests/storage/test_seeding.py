"""The register of the year, as it is carried in the wheel, holds what its readers rely on."""

import re
from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.council import members_on
from committee.names import ASKED_BACK, Directory, fold
from committee.states import NameIn, ReportStatus
from storage import seeding

STATES = {state.key: state for state in seeding.states()}
DIRECTORY = Directory((state.key, state.aliases) for state in STATES.values())
ASKED = {word for words in ASKED_BACK for word in words}
DAYS = st.dates(date(2004, 4, 28), date(2026, 12, 31))
A_DAY_IN_2012 = date(2012, 9, 4)
OFFICIAL_BRACKETS = {"BOL", "FSM", "IRN", "NLD", "VEN"}
MISSION_FR = re.compile(
    r"la Mission permanente (?:d'observation )?(?P<of>.+) auprès de l'Organisation des Nations Unies"
)
VOWEL = "aeiouàâäéèêëîïôöùûüœ"


def written() -> list[tuple[str, str, NameIn]]:
    """Every name that may stand in a letter, of every State, language and time."""
    return [
        (state.key, code, name)
        for state in STATES.values()
        for names in state.names
        for code, name in names.words.items()
    ]


def test_there_are_193_members_and_two_observers() -> None:
    assert sum(state.is_member for state in STATES.values()) == 193
    assert sorted(state.key for state in STATES.values() if not state.is_member) == ["PSE", "VAT"]


def test_every_code_is_one_states_own() -> None:
    for code in ("iso2", "m49"):
        assert len({getattr(state, code) for state in STATES.values()}) == 195
    assert all(
        re.fullmatch(r"[A-Z]{3}", state.key) and re.fullmatch(r"[A-Z]{2}", state.iso2) for state in STATES.values()
    )
    assert all(re.fullmatch(r"\d{3}", state.m49) for state in STATES.values())


def test_every_member_has_one_of_five_groups_and_a_year_of_admission() -> None:
    members = [state for state in STATES.values() if state.is_member]
    assert {state.group for state in members} == {
        "African Group",
        "Asia-Pacific Group",
        "Eastern European Group",
        "GRULAC",
        "WEOG",
    }
    assert all(1945 <= (state.member_since or 0) <= 2011 for state in members)


def test_nothing_is_known_of_a_states_reporting_until_someone_confirms_it() -> None:
    assert {state.status for state in STATES.values()} == {ReportStatus.UNCONFIRMED}
    assert all(state.language is None and not state.illustrative for state in STATES.values())


@given(day=DAYS)
def test_every_state_has_its_english_and_french_names_on_any_day(day: date) -> None:
    for state in STATES.values():
        names = state.named_on(day)
        assert names.listed
        assert {*names.words} == {"en", "fr"}
        assert all(name.short and name.formal and name.mission for name in names.words.values())


def test_former_names_come_first_and_only_todays_has_no_end() -> None:
    for state in STATES.values():
        ends = [names.until for names in state.names]
        assert ends[-1] is None
        assert ends[:-1] == sorted(end for end in ends if end)


def test_no_name_in_a_letter_has_brackets_stars_or_stray_spaces() -> None:
    for key, _, name in written():
        for text in (name.short, name.formal, name.mission):
            assert not re.search(r"[()*’]|\s\s|^\s|\s$", text), (key, text)


def test_only_five_listed_names_keep_the_official_brackets() -> None:
    listed = {state.key for state in STATES.values() for names in state.names if "(" in names.listed}
    assert listed == OFFICIAL_BRACKETS
    assert not any(names.listed.endswith("(the)") for state in STATES.values() for names in state.names)


def test_the_english_mission_is_the_short_name_in_running_text() -> None:
    for key, code, name in written():
        if code == "en":
            mission = "Permanent Mission" if STATES[key].is_member else "Permanent Observer Mission"
            assert name.mission == f"the {mission} of {name.short} to the United Nations"


@pytest.mark.parametrize(
    ("key", "short"),
    [
        ("BHS", "the Bahamas"), ("CAF", "the Central African Republic"), ("COM", "the Comoros"), ("COG", "the Congo"),
        ("PRK", "the Democratic People's Republic of Korea"), ("COD", "the Democratic Republic of the Congo"),
        ("DOM", "the Dominican Republic"), ("GMB", "the Gambia"), ("LAO", "the Lao People's Democratic Republic"),
        ("MHL", "the Marshall Islands"), ("NLD", "the Netherlands"), ("NER", "the Niger"), ("PHL", "the Philippines"),
        ("KOR", "the Republic of Korea"), ("MDA", "the Republic of Moldova"), ("RUS", "the Russian Federation"),
        ("SDN", "the Sudan"), ("SYR", "the Syrian Arab Republic"), ("ARE", "the United Arab Emirates"),
        ("GBR", "the United Kingdom of Great Britain and Northern Ireland"), ("TZA", "the United Republic of Tanzania"),
        ("USA", "the United States of America"), ("VAT", "the Holy See"), ("CZE", "the Czech Republic"),
        ("BOL", "the Plurinational State of Bolivia"), ("IRN", "the Islamic Republic of Iran"),
        ("FSM", "the Federated States of Micronesia"), ("VEN", "the Bolivarian Republic of Venezuela"),
        ("MKD", "the former Yugoslav Republic of Macedonia"),
    ],
)  # fmt: skip
def test_these_and_only_these_carried_the_article_in_2012(key: str, short: str) -> None:
    assert STATES[key].named_on(A_DAY_IN_2012).words["en"].short == short


def test_no_other_name_carried_the_article_in_2012() -> None:
    with_article = [
        state for state in STATES.values() if state.named_on(A_DAY_IN_2012).words["en"].short.startswith("the ")
    ]
    assert len(with_article) == 29


def test_every_french_mission_contracts_the_article_as_french_does() -> None:
    for key, code, name in written():
        if code != "fr":
            continue
        said = MISSION_FR.fullmatch(name.mission)
        assert said, (key, name.mission)
        assert said["of"] == contracted(name.short), (key, said["of"])


def contracted(name: str) -> str:
    """The rule, said a second time: what "de" and a name with its article become."""
    article, _, rest = name.partition(" ")
    match article:
        case "le":
            return f"du {rest}"
        case "les":
            return f"des {rest}"
        case "la":
            return f"de la {rest}"
    if name.startswith("l'"):
        return f"de {name}"
    mute = name.startswith("Haïti")
    return f"d'{name}" if mute or name[0].casefold() in VOWEL else f"de {name}"


def test_no_french_mission_leaves_an_article_uncontracted() -> None:
    wrong = re.compile(rf"\b(?:de les?\b|(?:du|des) l'|(?:de|de la|du) [{VOWEL}]|[ld]'[^h{VOWEL}])", re.IGNORECASE)
    assert wrong.search("de le Mali")
    assert wrong.search("de la Algérie")
    assert wrong.search("de l'Cuba")
    for key, code, name in written():
        said = name.mission.removesuffix(" auprès de l'Organisation des Nations Unies")
        assert code != "fr" or not wrong.search(said), (key, said)


@pytest.mark.parametrize(
    ("key", "of"),
    [
        ("HTI", "d'Haïti"), ("HND", "du Honduras"), ("HUN", "de la Hongrie"), ("YEM", "du Yémen"), ("CUB", "de Cuba"),
        ("ISR", "d'Israël"), ("OMN", "d'Oman"), ("GMB", "de la Gambie"), ("USA", "des États-Unis d'Amérique"),
        ("AFG", "de l'Afghanistan"), ("IRN", "de la République islamique d'Iran"), ("CIV", "de la Côte d'Ivoire"),
        ("VEN", "de la République bolivarienne du Venezuela"), ("BOL", "de l'État plurinational de Bolivie"),
        ("FSM", "des États fédérés de Micronésie"), ("ATG", "d'Antigua-et-Barbuda"), ("SLV", "d'El Salvador"),
        ("MKD", "de l'ex-République yougoslave de Macédoine"), ("TUR", "de la Turquie"), ("CPV", "du Cap-Vert"),
    ],
)  # fmt: skip
def test_these_french_missions_are_named_as_the_united_nations_names_them(key: str, of: str) -> None:
    assert f" {of} auprès " in STATES[key].named_on(A_DAY_IN_2012).words["fr"].mission


@pytest.mark.parametrize(
    ("key", "then", "now"),
    [
        ("SWZ", "Swaziland", "Eswatini"), ("CPV", "Cape Verde", "Cabo Verde"), ("TUR", "Turkey", "Türkiye"),
        ("MKD", "the former Yugoslav Republic of Macedonia", "North Macedonia"), ("CZE", "the Czech Republic", "Czechia"),
        ("PSE", "Palestine", "the State of Palestine"), ("NLD", "the Netherlands", "the Kingdom of the Netherlands"),
    ],
)  # fmt: skip
def test_a_state_bears_the_name_of_the_day(key: str, then: str, now: str) -> None:
    assert STATES[key].named_on(A_DAY_IN_2012).words["en"].short == then
    assert STATES[key].named_on(date(2026, 1, 1)).words["en"].short == now


def test_swaziland_became_eswatini_between_2012_and_2020() -> None:
    assert STATES["SWZ"].named_on(date(2012, 9, 4)).listed == "Swaziland"
    assert STATES["SWZ"].named_on(date(2020, 9, 4)).listed == "Eswatini"


def test_no_two_states_share_a_name_unless_it_asks_back() -> None:
    keys: dict[str, set[str]] = {}
    for state in STATES.values():
        for name in (state.key, *state.aliases):
            keys.setdefault(fold(name), set()).add(state.key)
    assert {name: found for name, found in keys.items() if len(found) > 1 and name not in ASKED} == {}


def test_every_alias_names_its_state_or_asks_back() -> None:
    for state in STATES.values():
        for alias in state.aliases:
            match = DIRECTORY.find(alias, two_letters=True)
            asks = {*match.keys} > {state.key} and not match.certain
            assert asks or (match.certain and match.keys == (state.key,)), (state.key, alias, match)


def test_no_alias_carries_a_bracketed_article() -> None:
    articles = re.compile(r"\((?:the|le|la|les|l'|el|los|las)\)")
    assert not [alias for state in STATES.values() for alias in state.aliases if articles.search(alias)]


def test_every_state_is_known_by_its_names_in_six_languages() -> None:
    scripts = {"ru": r"[а-я]", "ar": r"[\u0600-\u06ff]", "zh": r"[\u4e00-\u9fff]"}
    for state in STATES.values():
        for script in scripts.values():
            assert any(re.search(script, alias, re.IGNORECASE) for alias in state.aliases), state.key


def test_no_organization_has_the_key_of_a_state_or_the_name_of_another() -> None:
    organizations = seeding.organizations()
    assert len({organization.key for organization in organizations}) == 48
    assert not {organization.key for organization in organizations} & {*STATES}
    assert not [o.key for o in organizations if DIRECTORY.find(o.name).certain]


@given(day=st.dates(date(2012, 1, 1), date(2013, 12, 31)))
def test_fifteen_members_sit_on_the_council_on_each_day_of_two_years(day: date) -> None:
    members = members_on(day, seeding.terms())
    assert len(members) == len({*members}) == 15
    assert {"CHN", "FRA", "GBR", "RUS", "USA"} <= {*members} <= {*STATES}


def test_five_members_change_on_1_january_2013() -> None:
    before, after = ({*members_on(day, seeding.terms())} for day in (date(2012, 12, 31), date(2013, 1, 1)))
    assert before - after == {"COL", "DEU", "IND", "PRT", "ZAF"}
    assert after - before == {"ARG", "AUS", "KOR", "LUX", "RWA"}


def test_four_groups_have_tasks_and_three_subcommittees_are_suspended() -> None:
    groups = seeding.groups()
    assert [group.key for group in groups if not group.suspended] == ["WG1", "WG2", "WG3", "WG4"]
    assert all(group.tasks for group in groups if not group.suspended)
    assert sum("shall not meet" in group.suspended for group in groups) == 3
    assert all(group.source.startswith("S/2012/663") for group in groups)


def test_the_programmes_dated_items_have_their_days() -> None:
    due = {item.key: item.due for item in seeding.programme() if item.due}
    assert due == {
        "PW-PERIOD": date(2013, 5, 31),
        "PW-NEXT": date(2013, 5, 31),
        "REV-ANNUAL": date(2012, 12, 31),
        "WG2-REPORT": date(2012, 12, 31),
        "IRO-POC": date(2012, 12, 31),
    }
    assert all(item.rule and item.where.startswith("S/2012/663") for item in seeding.programme())


def test_the_holidays_of_two_years_are_working_weekdays_that_nobody_has_confirmed() -> None:
    holidays = seeding.days_off()
    assert [sum(off.day.year == year for off in holidays) for year in (2012, 2013)] == [10, 10]
    assert all(off.day.weekday() < 5 and not off.confirmed and "computed" in off.source for off in holidays)


def test_the_hurricane_that_nobody_could_foresee_is_not_in_the_register() -> None:
    late_october = {date(2012, 10, 29) + timedelta(days=more) for more in range(3)}
    assert not late_october & {off.day for off in seeding.days_off()}
    assert all(off.kind == "holiday" for off in seeding.days_off())


def test_six_languages_are_known_and_none_is_signed() -> None:
    assert [language.key for language in seeding.languages()] == ["en", "fr", "es", "ru", "ar", "zh"]
    assert not any(language.signed_by for language in seeding.languages())


def test_24_members_had_not_reported_in_2012() -> None:
    assert len(seeding.non_reporting_2012()) == 24
    assert all(STATES[key].is_member for key in seeding.non_reporting_2012())


def test_every_seed_file_names_its_source() -> None:
    seed = files("storage").joinpath("seed")
    sources = seed.joinpath("SOURCES.md").read_text(encoding="utf-8")
    assert not [file.name for file in seed.iterdir() if file.name != "SOURCES.md" and f"`{file.name}`" not in sources]
