#!/usr/bin/env bash
# Installs what the end-to-end test drives: a VS Code that runs in a browser (code-server), and the browser.
# Usage: install.sh [DIR]     default: target/vscode-e2e of the repository; does nothing where DIR is complete.
# Needs: node 20, npm, and root where a Debian package is missing.
set -euo pipefail

code_server=4.100.3 # VS Code 1.100: the last line that runs on node 20
playwright=1.65.1

root=$(cd "$(dirname "$0")/../../.." && pwd)
dir=${1:-$root/target/vscode-e2e}
complete=$dir/.complete-$code_server-$playwright

install_packages() {
  local missing=()
  command -v chromium >/dev/null || missing+=(chromium)
  command -v g++ >/dev/null || missing+=(g++)
  command -v make >/dev/null || missing+=(make)
  command -v python3 >/dev/null || missing+=(python3)
  if ((${#missing[@]})); then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
  fi
}

# Install scripts are skipped: they download prebuilt programs that the test does not need.
npm_install() {
  npm install --ignore-scripts --no-audit --no-fund --loglevel=error "$@" >/dev/null
}

install_code_server() {
  mkdir -p "$dir"
  cd "$dir"
  printf '{ "name": "vscode-e2e", "private": true }\n' >package.json
  npm_install "code-server@$code_server" "playwright-core@$playwright" node-gyp@10 @mapbox/node-pre-gyp@1

  # The one native module without which code-server does not start. Node's headers are beside it where it brings them.
  local headers
  headers=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
  [[ -d $headers/include/node ]] && export npm_config_nodedir=$headers
  (cd node_modules/argon2 && npx node-pre-gyp rebuild --build-from-source) >"$dir/argon2.log" 2>&1 ||
    { cat "$dir/argon2.log" >&2; exit 1; }

  # code-server ships its VS Code without its modules and with names that its own install script would link.
  cd node_modules/code-server/lib/vscode
  npm_install --omit=dev
  ln -sfn node_modules node_modules.asar
  ln -sf code-linux.sh bin/remote-cli/code-server
  ln -sf browser-linux.sh bin/helpers/browser.sh
  (cd extensions && npm_install --omit=dev)
  # The logger, without which there are no logs to show when a test fails.
  npm rebuild --ignore-scripts=false @vscode/spdlog >/dev/null 2>&1 ||
    echo "install.sh: no logger, so that a failure will come without the editor's logs" >&2
}

[[ -f $complete ]] && exit 0
install_packages
install_code_server
touch "$complete"
