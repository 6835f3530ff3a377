"""Constraints: what a situation states is read as stated, shown as chips, dropped one by one, and held against sheets."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.constraints import Constraints, read

SHEET = {
    "duree_minutes": [120, 180], "participants": [8, 20], "modalites": ["presentiel"], "animation": "exterieure", "cout": "a-prevoir",
    "famille": "animation", "statut": "a-produire",
}  # fmt: skip


@pytest.mark.parametrize(
    ("told", "minutes"),
    [
        ("deux heures devant nous", 120), ("une heure et demie", 90), ("1 h 30", 90), ("une heure trente", 90),
        ("45 minutes", 45), ("dix minutes avant le bureau", 10), ("trois quarts d'heure", 45), ("une demi-heure", 30), ("un quart d'heure", 15),
        ("une demi-journée", 210), ("une matinée", 210), ("en une journée", 420), ("2 heures", 120),
        ("depuis deux ans", None), ("en trois mois", None), ("rien n'avance", None), ("", None),
    ],
)  # fmt: skip
def test_a_duration_is_read(told: str, minutes: int | None) -> None:
    assert read(told).minutes == minutes


@pytest.mark.parametrize(
    ("told", "people"),
    [
        ("quinze personnes", 15), ("une vingtaine d'élus", 20), ("12 habitants", 12), ("on est huit", 8), ("une dizaine de techniciens", 10),
        ("deux cents personnes", 200), ("80 participants", 80), ("une centaine d'habitants", 100), ("un agent qui apprend seul", 1),
        ("trois ateliers", None), ("dans cinq ans", None), ("un élu me demande", None), ("rien", None),
    ],
)  # fmt: skip
def test_a_number_of_people_is_read(told: str, people: int | None) -> None:
    assert read(told).people == people


@pytest.mark.parametrize(
    ("told", "public"),
    [
        ("nos élus doutent", "elus"), ("le conseil municipal", "elus"), ("mes agents de voirie", "agents"), ("le DGS", "dgs"),
        ("les habitants du quartier", "habitants"), ("avec les entreprises", "entreprises"), ("des bénévoles", "associations"),
        ("nos financeurs", "partenaires"), ("les porteurs de projets", "porteurs"),
    ],
)  # fmt: skip
def test_a_public_is_read(told: str, public: str) -> None:
    assert public in read(told).publics


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("tout se fait en visio", "remote"), ("à distance", "remote"), ("au grand air", "outdoors"), ("sans animateur", "no_facilitator"),
        ("nous n'avons aucun animateur", "no_facilitator"), ("sans budget", "free"), ("il faut que ce soit gratuit", "free"), ("je suis tout seul", "alone"),
    ],
)  # fmt: skip
def test_a_plain_constraint_is_read_and_no_other(told: str, name: str) -> None:
    found = read(told)
    assert getattr(found, name) is True
    flags = {"remote", "outdoors", "no_facilitator", "free", "alone"}
    assert not any(getattr(found, other) for other in flags - {name})


@pytest.mark.parametrize("told", ["un outil de la famille animation", "un outil d'animation"])
def test_a_family_is_read(told: str) -> None:
    assert read(told).family == "animation"


def test_contradictory_constraints_are_all_read() -> None:
    found = read("Un atelier de 10 minutes pour 200 personnes en trois jours")
    assert (found.minutes, found.people) == (10, 200)


@pytest.mark.parametrize("told", ["0 personnes", "99999999 personnes", "9999 heures", "-3 personnes et 0 heure", "1e9 personnes"])
def test_impossible_numbers_do_no_harm(told: str) -> None:
    found = read(told)
    assert found.people is None or 0 < found.people <= 2000
    assert found.minutes is None or found.minutes <= 12 * 60


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    assert isinstance(read(text).chips(), tuple)


@pytest.mark.parametrize(
    ("constraint", "said"),
    [
        (Constraints(minutes=60), ("trop long pour 1 h", "2 h")),
        (Constraints(people=60), ("20 personnes au plus",)),
        (Constraints(people=2), ("au moins 8 personnes",)),
        (Constraints(remote=True), ("à distance",)),
        (Constraints(no_facilitator=True), ("animation extérieure",)),
        (Constraints(free=True), ("coût",)),
        (Constraints(family="pedagogique"), ("autre famille",)),
        (Constraints(status="existant"), ("produire",)),
    ],
)
def test_what_does_not_fit_is_said_in_one_phrase(constraint: Constraints, said: tuple[str, ...]) -> None:
    (reason,) = constraint.misfits(SHEET)
    assert all(words in reason for words in said)


def test_what_fits_or_says_nothing_of_itself_breaks_no_constraint() -> None:
    asked = Constraints(minutes=120, people=12)
    assert asked.misfits(SHEET) == ()
    assert Constraints(minutes=5, people=500).misfits({"duree_minutes": None}) == ()
    assert Constraints().misfits(SHEET) == ()


def test_every_broken_constraint_is_told() -> None:
    broken = Constraints(minutes=10, people=200, remote=True, no_facilitator=True, free=True, family="pedagogique", status="existant").misfits(SHEET)
    assert len(broken) == len(set(broken)) == 7


def test_each_chip_names_a_constraint_that_can_be_dropped() -> None:
    found = read("À distance, sans animateur et sans budget : deux heures, quinze personnes, un outil d'animation déjà existant")
    chips = dict(found.chips())
    assert set(chips) == {"minutes", "people", "remote", "no_facilitator", "free", "family", "status"}
    assert all(words and words == words.strip() for words in chips.values())
    for name in chips:
        assert name not in dict(found.without(name).chips())
        assert set(dict(found.without(name).chips())) == set(chips) - {name}


def test_dropping_every_chip_leaves_nothing() -> None:
    found = read("Deux heures en visio pour quinze personnes sans animateur")
    for name, _ in found.chips():
        found = found.without(name)
    assert found.chips() == ()
    assert found.misfits(SHEET) == ()


def test_every_field_can_be_dropped() -> None:
    for field in fields(Constraints):
        assert Constraints().without(field.name) == Constraints()


@pytest.mark.parametrize("told", ["1h30 maximum", "on a 1h30", "1H30"])
def test_hours_and_minutes_typed_without_a_space_are_read(told: str) -> None:
    assert read(told).minutes == 90


@pytest.mark.parametrize(
    ("told", "people"),
    [("trente-cinq personnes", 35), ("soixante-dix élus", 70), ("vingt-deux agents", 22), ("quatre-vingts personnes", 80), ("cent vingt habitants", 120)],
)
def test_a_compound_number_is_read_whole(told: str, people: int) -> None:
    assert read(told).people == people


@pytest.mark.parametrize("told", ["une commune de 800 habitants", "une commune de 1 200 habitants", "un territoire de 12 communes et 900 entreprises"])
def test_the_population_of_a_place_is_no_group(told: str) -> None:
    assert read(told).people is None


def test_who_works_alone_may_still_gather_others() -> None:
    assert read("Je suis seule en mairie et je voudrais faire parler les habitants de leurs trajets.").people is None
    assert read("Un outil à faire seule, dans mon bureau").people == 1
