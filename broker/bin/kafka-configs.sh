#!/bin/sh
# Starts the tool this file is named after: from the built tools this folder lies in, or from dist/tools.
file=$0
if [ -L "$file" ]; then file=$(readlink -f "$file"); fi
case $file in */*) here=${file%/*} ;; *) here=. ;; esac
tool=${file##*/}
for run in "$here/../run.cjs" "$here/../../dist/tools/run.cjs"; do
  if [ -f "$run" ]; then exec node "$run" "${tool%.sh}" "$@"; fi
done
echo "The command-line tools are not built yet: run \"npm run build\" in the Brokerlab folder first." >&2
exit 1
