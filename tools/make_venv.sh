#!/bin/sh
# Makes .venv with the given Python, unless there is a usable one already.
set -eu
python=$1
if [ -z "$python" ]; then
    echo "Diapason needs Python 3.11 or later, and none was found." >&2
    echo "Install one, or say where it is: make setup PYTHON=/path/to/python3" >&2
    exit 1
fi
if .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    exit 0
fi
echo "Making .venv with $("$python" --version)…"
rm -rf .venv
if ! "$python" -m venv .venv; then
    rm -rf .venv
    echo "$python cannot make virtual environments." >&2
    echo "On Debian and Ubuntu: apt install python3-venv" >&2
    exit 1
fi
