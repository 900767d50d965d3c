#!/bin/sh
# Prints the first Python here that is recent enough; nothing when there is none.
for name in python3 python3.11 python3.12 python3.13 python3.14 python; do
    path=$(command -v "$name") || continue
    if "$path" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "$path"
        exit 0
    fi
done
