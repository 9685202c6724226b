#!/usr/bin/env bash
# Makes report.png: trains fonts-cnn and takes a picture of the top of its report. Needs Chromium (Debian's package `chromium`).
# And dreams.png: what the network of digits-dbn-dreams draws.
set -euo pipefail
cd "$(dirname "$0")/../.."
run=$(mktemp -d)
trap 'rm -rf "$run"' EXIT
swift run -c release aviary train fonts-cnn --quiet --output "$run/fonts-cnn"
swift run -c release aviary train digits-dbn-dreams --quiet --output "$run/dreams"
swift run -c release aviary sample "$run/dreams" --output "$PWD/Docs/Images/dreams.png"
chromium --headless --no-sandbox --hide-scrollbars --force-color-profile=srgb --window-size=1000,1000 \
  --screenshot="$PWD/Docs/Images/report.png" "file://$run/fonts-cnn/report.html"
