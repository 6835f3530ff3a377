"""Files of one JSON object a line, as this project writes its questions and the public sets theirs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def objects(path: Path) -> list[dict[str, Any]]:
    """The objects of a file, in order; empty lines are no objects. Lines end at a line feed only: a text may hold U+2028."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
