#!/bin/sh
# The browser tests need the system's Chromium. Install it where we may; else say in one sentence how.
set -u
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if command -v apt-get >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null && exit 0
  elif sudo -n true 2>/dev/null; then
    sudo apt-get update -qq && sudo DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null && exit 0
  fi
fi
echo "The browser tests need Chromium: install it (on Debian or Ubuntu: sudo apt-get install chromium), then run make test again." >&2
[ -z "${CI:-}" ] # without it the browser tests are skipped, and say so; a CI run must not pass without them
