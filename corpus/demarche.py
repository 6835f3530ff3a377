"""The démarche: steps, families and every other controlled list, read from one TOML file.

No other module knows how many steps there are or what they are called.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import SettingsError

#: The starter content, which rides with the code.
STARTER = Path(__file__).parent
DEFAULT = STARTER / "demarche.toml"

#: The controlled lists a sheet's front matter draws from: key of the sheet → table of the file.
VOCABULARIES = {
    "famille": "familles",
    "niveau": "niveaux",
    "cibles": "cibles",
    "statut": "statuts",
    "modalites": "modalites",
    "animation": "animations",
    "cout": "couts",
    "categorie": "categories",
    "type": "types",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the démarche."""

    id: str
    number: int
    name: str
    verb: str
    intention: str
    duration: str

    @property
    def title(self) -> str:
        """The step as people say it: « Étape 3, Lire le territoire »."""
        return f"Étape {self.number}, {self.name}"


@dataclass(frozen=True)
class Demarche:
    """The steps in order and the labels of every controlled list."""

    steps: tuple[Step, ...]
    labels: Mapping[str, Mapping[str, str]]
    voyage: tuple[tuple[str, tuple[str, ...]], ...] = ()
    #: The (step, family) cells known to have no tool, with the reason.
    gaps: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def step(self, step_id: str) -> Step:
        """The step with this id. Raises KeyError for an unknown one."""
        return self._by_id[step_id]

    @functools.cached_property
    def _by_id(self) -> dict[str, Step]:
        return {step.id: step for step in self.steps}

    @functools.cached_property
    def step_ids(self) -> tuple[str, ...]:
        """The ids in order."""
        return tuple(step.id for step in self.steps)

    def label(self, key: str, value: str) -> str:
        """The French label of a front-matter value: ``label("famille", "animation")``."""
        if key == "etapes":
            return self._by_id[value].name if value in self._by_id else value
        return self.labels.get(VOCABULARIES.get(key, key), {}).get(value, value)


@functools.lru_cache(maxsize=8)
def load(path: Path = DEFAULT) -> Demarche:
    """Read the démarche from ``path``. Raises SettingsError when the file is not of the right form."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        steps = tuple(
            Step(e["id"], int(e["numero"]), e["nom"], e["verbe"], e["intention"], e["duree"]) for e in sorted(raw["etapes"], key=lambda e: e["numero"])
        )
        labels = {name: dict(raw[name]) for name in set(VOCABULARIES.values())}
        voyage = tuple((stage["nom"], tuple(stage["etapes"])) for stage in raw.get("voyage", ()))
        gaps = {(gap["etape"], gap["famille"]): gap["raison"] for gap in raw.get("lacunes", ())}
        _check(steps, [step for _, stage in voyage for step in stage] + [step for step, _ in gaps])
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise SettingsError(f"Le fichier {path} ne décrit pas une démarche : {error}.", "Comparez-le au fichier corpus/demarche.toml d'origine.") from error
    return Demarche(steps, labels, voyage, gaps)


def _check(steps: tuple[Step, ...], named: list[str]) -> None:
    """Raise ValueError where two steps cannot be told apart or a table names a step that is none."""
    for key in ("id", "number"):
        values = [getattr(step, key) for step in steps]
        if len(set(values)) < len(values) or not values:
            raise ValueError(f"chaque étape a son propre {'id' if key == 'id' else 'numero'}")
    unknown = sorted(set(named) - {step.id for step in steps})
    if unknown:
        raise ValueError(f"l'étape {unknown[0]!r} n'existe pas")
