#!/bin/sh
# Installs the Debian packages of system-packages.txt where they are missing and this is root on Debian;
# elsewhere stops with the command to type.
set -eu
missing=""
for package in $(grep -v '^#' system-packages.txt); do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $missing
else
    echo "Il manque des paquets du système. Tapez : sudo apt-get install$missing" >&2
    exit 1
fi
