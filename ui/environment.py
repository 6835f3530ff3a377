"""What the process says to its libraries before they are imported: no telemetry, no hub, files in the data folder.

Gradio and the Hugging Face libraries read these variables once, when imported. So ``prepare`` is
called before anything imports them. Nowhere else in the project touches them, but for HF_HUB_OFFLINE:
a command without the page opens a model and nothing else, and settles it there (corpus/model.py).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from corpus.model import names_hub_model
from corpus.settings import Settings

#: Telemetry, tracing and update checks, all off.
SILENCE = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "ANONYMIZED_TELEMETRY": "False",  # Chroma
    "HF_HUB_DISABLE_TELEMETRY": "True",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "TOKENIZERS_PARALLELISM": "false",
}


def prepare(settings: Settings) -> Path:
    """Set the environment for this data folder and empty Gradio's scratch folder; returns that folder."""
    os.environ.update(SILENCE)
    if not names_hub_model(settings):
        os.environ["HF_HUB_OFFLINE"] = "1"
    scratch = (settings.data / "gradio").resolve()
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True, exist_ok=True)
    os.environ["GRADIO_TEMP_DIR"] = str(scratch)
    return scratch
