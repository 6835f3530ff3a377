"""With every socket closed but those of this machine, documents go in and questions are answered, with the embedded model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

#: A child whose every way out is shut and told: whoever tries fails the test even if it swallows the error.
SHUT = """
import ipaddress, socket, sys

def local(address):
    if not isinstance(address, tuple):
        return True  # a Unix socket
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return address[0] == "localhost"

def guarded(method):
    def call(self, address, *rest):
        if not local(address):
            print("TRIED", address, file=sys.stderr)
            raise OSError("closed")
        return method(self, address, *rest)
    return call

socket.socket.connect = guarded(socket.socket.connect)
socket.socket.connect_ex = guarded(socket.socket.connect_ex)
socket.socket.sendto = lambda self, data, *rest: (_ for _ in ()).throw(OSError("closed"))
named = socket.getaddrinfo

def getaddrinfo(host, *rest, **more):
    if host not in (None, "localhost", "127.0.0.1", "::1", b"localhost"):
        print("TRIED", host, file=sys.stderr)
        raise socket.gaierror("closed")
    return named(host, *rest, **more)

socket.getaddrinfo = getaddrinfo
"""
RUNS = """
import json
from ui.command import main
for words in json.loads(sys.argv[1]):
    status = main(words)
    if status:
        sys.exit(f"status {status} for {words}")
"""


def shut_in(script: str, *words: object) -> subprocess.CompletedProcess[str]:
    """Run a script with the sockets shut, in the environment of a user who set nothing."""
    told = ("HF_", "TRANSFORMERS_", "GRADIO_", "ANONYMIZED_", "LANGSMITH_", "LANGCHAIN_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(told)}
    command = [sys.executable, "-c", SHUT + script, *map(str, words)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, timeout=300, check=False)


@pytest.mark.parametrize("address", ["('93.184.215.14', 80)", "('example.org', 443)", "('::ffff:8.8.8.8', 53, 0, 0)"])
def test_the_guard_itself_shuts_the_way_out(address: str) -> None:
    done = shut_in(f"\nfamily = socket.AF_INET6 if '::' in {address}[0] else socket.AF_INET\nsocket.socket(family).connect({address})")
    assert done.returncode == 1
    assert "TRIED" in done.stderr


def test_documents_go_in_and_questions_are_answered_with_the_embedded_model(
    data: Path, tmp_path: Path, pdf: Callable[..., bytes], sheet: Callable[..., str]
) -> None:
    """About 20 seconds: torch and the model load in a child."""
    page = "Le financement du poste dure trois ans. L'aide s'élève à 24 000 euros par an, versée en deux fois."
    (tmp_path / "guide.pdf").write_bytes(pdf("Guide du financement", page, "Le comité se réunit deux fois par an à Lille."))
    (tmp_path / "usage.md").write_text(sheet("usage", "concept"), "utf-8")
    at = ["--data", str(data)]
    commands = [
        [*at, "ingest", "--json", str(tmp_path / "guide.pdf"), str(tmp_path / "usage.md")],
        [*at, "ask", "--json", "Combien de temps dure le financement du poste ?"],
        [*at, "search", "--json", "réunion du comité"],
        [*at, "status", "--json"],
    ]
    done = shut_in(RUNS, json.dumps(commands))
    assert done.returncode == 0, done.stderr
    assert "TRIED" not in done.stderr, done.stderr
    report, answer, found, status = (json.loads(line) for line in done.stdout.splitlines())
    assert [file["status"] for file in report["files"]] == ["added", "added"]
    assert "trois ans" in answer["citations"][0]["quote"]
    assert found["passages"][0]["document"] == "guide.pdf"
    assert status["model"] == "multilingual-e5-small"
