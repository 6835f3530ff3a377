"""Models that a setting names: a folder, or a name on a model hub for those who have one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpus.errors import ModelUnavailable
from corpus.quiet import quiet_transformers


def load_named(name: str, setting: str, make: Callable[[bool], Any]) -> Any:
    """What ``make(local)`` makes of the model named, ``local`` saying that it is a folder. Raises ModelUnavailable, which names the setting."""
    remedy = ModelUnavailable.remedy.replace("BAO_MODEL", setting)
    local = Path(name).exists()
    if not local and (Path(name).is_absolute() or name.startswith((".", "~"))):
        raise ModelUnavailable(f"Le dossier de modèle « {name} » n'existe pas.", remedy)
    try:
        with quiet_transformers():
            return make(local)
    except (OSError, ValueError, ImportError, RuntimeError) as error:
        raise ModelUnavailable(f"Le modèle « {name} » ne se charge pas ({type(error).__name__}).", remedy) from error
