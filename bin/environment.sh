# What bin/serve and bin/test share: their messages, and the project's one Python environment, .venv. One for both, so
# that what is tested is what is served; tests/test_house.py sees to it that the site imports no test package.
# shellcheck shell=bash

say() { printf '%s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

python_is_recent='import sys; sys.version_info >= (3, 11) or sys.exit(1)'

require_python() {
  command -v python3 >/dev/null || stop "Il manque Python. Tapez : sudo apt-get install --yes python3 python3-venv"
  python3 -c "$python_is_recent" || stop "Il faut Python 3.11 ou plus récent ; celui-ci est $(python3 --version)."
  python3 -c 'import ensurepip, venv' 2>/dev/null \
    || stop "Il manque le module venv de Python. Tapez : sudo apt-get install --yes python3-venv"
}

# install_requirements FILE: makes .venv when it is missing or broken, and brings it in line with FILE when it changed.
install_requirements() {
  if ! .venv/bin/python -c "$python_is_recent; import pip" 2>/dev/null; then
    say "Création de l’environnement Python (.venv)…"
    python3 -m venv --clear .venv
  fi
  local wanted
  wanted="$(cat requirements.txt "$1" | sha256sum)"
  if [ "$(cat ".venv/.$1" 2>/dev/null)" != "$wanted" ]; then
    say "Installation des dépendances ($1)…"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$1"
    printf '%s\n' "$wanted" > ".venv/.$1"
  fi
}
