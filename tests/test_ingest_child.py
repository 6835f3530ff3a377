"""Reading apart: whatever the file does to its reader, the parent goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from corpus.errors import RefusedFile
from corpus.settings import Settings, load
from ingest.child import read_apart, within
from ingest.readers import read


def refused(settings: Settings, function: object, *arguments: object) -> str:
    with pytest.raises(RefusedFile) as caught:
        within(settings, function, *arguments)  # type: ignore[arg-type]
    assert caught.value.remedy
    return caught.value.reason


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "guide.md"
    path.write_text("# La démarche\n\nUn texte à lire, du 8 novembre 2024.\n\n1. un\n2. deux\n", encoding="utf-8")
    return path


def test_la_lecture_a_part_donne_ce_que_donne_la_lecture_sur_place(sheet: Path) -> None:
    assert read_apart(sheet, load()) == read(sheet)


def test_un_refus_traverse_avec_ses_trois_parties(tmp_path: Path) -> None:
    path = tmp_path / "vide.pdf"
    path.touch()
    with pytest.raises(RefusedFile) as caught:
        read_apart(path, load())
    assert (caught.value.reason, str(caught.value)) == ("empty", "Ce fichier est vide.")
    assert "recommencez" in caught.value.remedy


def test_un_enfant_qui_s_effondre_est_un_refus() -> None:
    assert refused(load(), os.abort) == "crashed"


def test_un_enfant_qui_sort_sans_mot_est_un_refus() -> None:
    assert refused(load(), os._exit, 0) == "crashed"


def test_un_enfant_tue_par_le_systeme_est_un_refus() -> None:
    assert refused(load(), signal.raise_signal, signal.SIGKILL) == "too-big"


def test_un_enfant_qui_n_en_finit_pas_est_arrete() -> None:
    assert refused(load(read_seconds=1), signal.pause) == "too-slow"


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS n'applique pas RLIMIT_AS")
def test_un_enfant_trop_gourmand_est_un_refus() -> None:
    assert refused(load(read_megabytes=512), bytes, 10**10) == "too-big"


def test_une_panne_imprevue_du_lecteur_est_un_refus_qui_la_nomme() -> None:
    assert refused(load(), int, "pas un nombre") == "crashed"


def test_apres_une_mort_la_lecture_suivante_marche(sheet: Path) -> None:
    refused(load(), os.abort)
    assert read_apart(sheet, load()).title == "La démarche"


def test_plusieurs_fils_lisent_en_meme_temps(sheet: Path) -> None:
    titles: list[str] = []
    threads = [threading.Thread(target=lambda: titles.append(read_apart(sheet, load()).title)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert titles == ["La démarche"] * 4


def test_un_script_sans_garde_n_est_pas_execute_deux_fois(sheet: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\nfrom corpus.settings import load\nfrom ingest.child import read_apart\n"
        "print('début')\nprint(read_apart(Path(sys.argv[1]), load()).title)\n",
        encoding="utf-8",
    )
    home = str(Path(__file__).resolve().parent.parent)
    environment = {**os.environ, "PYTHONPATH": home, "PYTHONIOENCODING": "utf-8"}
    found = subprocess.run([sys.executable, str(script), str(sheet)], capture_output=True, encoding="utf-8", env=environment, check=True)
    assert found.stdout.split("\n")[:2] == ["début", "La démarche"]
    short = (
        "import sys; from pathlib import Path; from corpus.settings import load; from ingest.child import read_apart; "
        "print(read_apart(Path(sys.argv[1]), load()).title)"
    )
    assert (
        subprocess.run([sys.executable, "-c", short, str(sheet)], capture_output=True, encoding="utf-8", env=environment, check=True).stdout.strip()
        == "La démarche"
    )
