# What the machine must have, and how it gets it. .NET and Node are the reader's own; the rest is installed.
# shellcheck shell=bash

# The .NET SDK and Node are asked for, not installed: each has its own way onto a machine.
require_sdk() {
  command -v dotnet >/dev/null ||
    fail "The .NET SDK 10 is missing; install it (https://dotnet.microsoft.com/download) so that 'dotnet' is found."
  [[ $(cd "$root" && dotnet --version 2>/dev/null) == 10.* ]] ||
    fail "The .NET SDK 10 is needed and 'dotnet --list-sdks' shows only:" \
      "$(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' '); install 10 from https://dotnet.microsoft.com/download."
  command -v npm >/dev/null ||
    fail "Node (18 or newer, with npm) is missing; install it (https://nodejs.org) so that 'npm' is found."
  local major
  major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
  ((major >= 18)) || fail "Node 18 or newer is needed and this is $(node --version); install it (https://nodejs.org)."
}

# The packages of Debian and Ubuntu that are missing for `up`.
missing_packages() {
  postgres_programs >/dev/null || echo postgresql
  command -v redis-server >/dev/null || echo redis-server
  command -v curl >/dev/null || echo curl
  command -v setpriv >/dev/null || echo util-linux
  if ! "$root/shared/stand-ins/librdkafka/build" --kept >/dev/null; then
    command -v gcc >/dev/null || echo gcc
    command -v g++ >/dev/null || echo g++
    command -v make >/dev/null || echo make
    local header package
    for header in zlib.h:zlib1g-dev zstd.h:libzstd-dev lz4.h:liblz4-dev openssl/ssl.h:libssl-dev; do
      package=${header#*:}
      [[ -f /usr/include/${header%:*} ]] ||
        compgen -G "/usr/include/*/${header%:*}" >/dev/null || echo "$package"
    done
  fi
}

# The packages that only some tests need: the checkers of scripts, manifests, metrics and pages, and another Kafka
# client.
missing_checkers() {
  command -v shellcheck >/dev/null || echo shellcheck
  command -v promtool >/dev/null || echo prometheus
  command -v docker-compose >/dev/null || echo docker-compose
  command -v kcat >/dev/null || echo kcat
  command -v chromium >/dev/null || echo chromium
  command -v git >/dev/null || echo git
  python3 -c 'import yaml' 2>/dev/null || echo python3-yaml
  python3 -c 'import jsonschema' 2>/dev/null || echo python3-jsonschema
  # Debian's own Python, whatever is first on PATH: these two come as its packages.
  /usr/bin/python3 -c 'import kafka' 2>/dev/null || echo python3-kafka
  /usr/bin/python3 -c 'import confluent_kafka' 2>/dev/null || echo python3-confluent-kafka
  [[ -z ${KAFKA_HOME:-} ]] || command -v java >/dev/null || echo openjdk-17-jre-headless
}

# The programs that a bench names in its project file, which are called as their packages are.
missing_for_bench() { # project
  local package
  for package in $(grep -oP '(?<=<BenchPackages>)[^<]+' "$1" || true); do
    command -v "$package" >/dev/null || echo "$package"
  done
}

# Installs packages as root or through sudo; otherwise says what to type.
install_packages() { # package...
  local packages=("$@") sudo=()
  local command="apt-get update && apt-get install -y --no-install-recommends ${packages[*]}"
  command -v apt-get >/dev/null ||
    fail "These are missing: ${packages[*]} (Debian's names); install your system's equivalents and run this again."
  if ((EUID != 0)); then
    if command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
      sudo=(sudo)
    else
      fail "These are missing: ${packages[*]}; as root run: $command"
    fi
  fi
  begin "Installing ${packages[*]}"
  # RUNLEVEL=1 keeps the packages from starting servers of their own, which nobody here asked for.
  local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -o DPkg::Lock::Timeout=300)
  if ! quietly "$logs/install.log" "${apt[@]}" update ||
    ! quietly "$logs/install.log" "${apt[@]}" install -y --no-install-recommends "${packages[@]}"; then
    fail "${packages[*]} could not be installed: $(reason "$logs/install.log")."
  fi
  if [[ -d /run/systemd/system ]]; then
    local server
    for server in postgresql:postgresql redis-server:redis-server prometheus:prometheus nginx:nginx; do
      [[ " ${packages[*]} " != *" ${server%:*} "* ]] ||
        "${sudo[@]}" systemctl disable --now --quiet "${server#*:}" 2>>"$logs/install.log" || true
    done
  fi
  finish "Installed ${packages[*]}"
}

prepare_machine() {
  require_sdk
  local packages
  mapfile -t packages < <(missing_packages)
  ((${#packages[@]} == 0)) || install_packages "${packages[@]}"
}

doctor() {
  local wrong=0 problem
  check() { # what, command that prints the problem
    if problem=$("${@:2}" 2>&1) && [[ -z $problem ]]; then
      printf '  well   %s\n' "$1"
    else
      printf '  WRONG  %s: %s\n' "$1" "${problem#tributary: }"
      wrong=1
    fi
  }
  check "the .NET SDK 10 and Node" require_sdk
  check "packages" packages_problem
  check "room on the disks" room_problem
  check "ports from $port_base" ports_problem
  check "the data folder $data" folder_problem
  check "librdkafka in the cache" native_problem
  check "ClickHouse's engine in the cache" clickhouse_problem
  check "the network, or no need of it" network_problem
  exit $wrong
}

packages_problem() {
  local packages
  mapfile -t packages < <(missing_packages)
  ((${#packages[@]} == 0)) || echo "missing ${packages[*]}; 'up' installs them as root or through sudo"
}

room_problem() {
  local folder
  for folder in "$data" "$kept" "$cache"; do
    while [[ ! -d $folder ]]; do folder=$(dirname "$folder"); done
    (($(free_megabytes "$folder") >= room_megabytes)) ||
      echo "only $(free_megabytes "$folder") MB free for $folder, $room_megabytes needed"
  done
}

ports_problem() {
  local part who
  for part in 0:standalone 2:standalone 3:standalone 4:standalone 5:standalone 6:postgres 7:redis; do
    [[ $part != 4:* || -z ${KAFKA_BROKERS:-} ]] || continue # Someone else's Kafka is used.
    [[ $part != 5:* || -z ${CLICKHOUSE_URL:-} ]] || continue
    pid_of "${part#*:}" >/dev/null || ! who=$(listener $((port_base + ${part%:*}))) ||
      echo "$((port_base + ${part%:*})) is taken ($who); stop that or use --port-base N"
  done
}

folder_problem() {
  local folder=$data
  while [[ ! -e $folder ]]; do folder=$(dirname "$folder"); done
  [[ -d $folder && -w $folder ]] || echo "$folder can't be written; choose another with --data DIR"
  [[ ! -L $data/postgres || -d $data/postgres ]] || echo "$data/postgres points to a folder that is gone"
}

native_problem() {
  "$root/shared/stand-ins/librdkafka/build" --kept >/dev/null || echo "not built yet; 'up' builds it in half a minute"
}

clickhouse_problem() {
  [[ -z ${CLICKHOUSE_URL:-} ]] || return 0 # Someone else's ClickHouse is used.
  if ! clickhouse_is_published; then
    echo "published for Linux on x86-64 only, and this is $(uname -sm); name a server by CLICKHOUSE_URL"
  elif ! "$root/shared/embedded-clickhouse/fetch" --kept >/dev/null; then
    echo "not there yet; 'up' fetches it once (178 MB, then 565 MB on the disk)"
  fi
}

network_problem() {
  ! restored standalone || return 0
  quietly /dev/null npm ping || echo "npm's registry does not answer; the first 'up' downloads packages"
}
