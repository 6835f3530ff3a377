"""Typeset the starter documents: ``python -m corpus.typeset_documents`` writes corpus/documents/NAME.pdf.

The text is in corpus/documents/sources/NAME.md, the title, author and date in corpus/documents/NAME.yaml.
Running it twice writes the same bytes.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from corpus.typesetting import Layout, to_pdf

DOCUMENTS = Path(__file__).parent / "documents"
NOTICE = "Contenu de démarrage, à valider par le Cerdd."


@dataclass(frozen=True, slots=True)
class Look:
    """What the Markdown and the companion do not say: a subtitle, numbers, the two-column sections."""

    subtitle: str
    numbered: bool = True
    two_columns: tuple[str, ...] = ()


LOOKS = {
    "guide-de-la-demarche-efc": Look(
        "Huit étapes, de la première discussion à la transmission : que tenir, avec qui, à quels signes passer",
        two_columns=("Aide-mémoire : les signes de passage", "Conseils sur l'usage des étapes"),
    ),
    "glossaire-efc": Look(
        "Les mots d'une démarche de collectivité : ce qu'ils veulent dire, ce qu'ils ne veulent pas dire",
        numbered=False,
        two_columns=("Les mots, de A à Z",),
    ),
    "carnet-de-l-animateur": Look(
        "Préparer, ouvrir, conduire et conclure des rencontres, en salle, à distance, avec un public mêlé, et quand cela coince",
        two_columns=("Recettes d'ouverture", "Recettes de conclusion", "Situations fréquentes", "Les gestes qui aident"),
    ),
    "note-d-esprit-et-preconisations-d-usage": Look(
        "L'esprit de la boîte à outils EFC, et comment s'en servir selon sa situation",
        two_columns=("L'esprit en sept idées", "Questions fréquentes"),
    ),
}


def typeset(name: str, folder: Path = DOCUMENTS) -> bytes:
    """Typeset the document of this name. Raises OSError when its text or its companion is missing."""
    companion = YAML(typ="safe").load((folder / f"{name}.yaml").read_text("utf-8"))
    look = LOOKS[name]
    return to_pdf(
        (folder / "sources" / f"{name}.md").read_text("utf-8"),
        title=companion["titre"],
        subtitle=look.subtitle,
        author=companion["auteur"],
        date=str(companion["date"]),
        two_columns_sections=look.two_columns,
        layout=Layout(numbered=look.numbered, contents=True, notice=NOTICE),
    )


def main() -> int:
    """Write every document; say each on standard output."""
    for name in LOOKS:
        target = DOCUMENTS / f"{name}.pdf"
        target.write_bytes(typeset(name))
        sys.stdout.write(f"{target}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
