# Where things are: folders, ports, passwords.
# shellcheck shell=bash
# shellcheck disable=SC2034 # Read by the other parts.

cache=${TRIBUTARY_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/tributary}
# Invariant: a bare Debian has no ICU, and neither the SDK nor anything of ours needs it.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDDISABLENODEREUSE=1
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

settle() {
  local asked=${port_base:-}
  kept=$root/.tributary # What belongs to the checkout and not to one data folder: native libraries, builds.
  data=$(realpath -m -- "${data:-$kept}")
  run=$data/run
  logs=$data/logs
  port_base=${asked:-$(cat "$run/port-base" 2>/dev/null || echo 8080)}
  [[ $port_base =~ ^[0-9]{4,5}$ && $port_base -ge 1024 && $port_base -le 65528 ]] ||
    fail "--port-base is a number from 1024 to 65528, not '$port_base'."
  http_address=127.0.0.1:$port_base
  grpc_address=127.0.0.1:$((port_base + 2))
  operations_address=127.0.0.1:$((port_base + 3))
  kafka_port=$((port_base + 4))
  clickhouse_port=$((port_base + 5))
  postgres_port=$((port_base + 6))
  redis_port=$((port_base + 7))
}

# The folders of the data folder, and room to work in.
make_folders() {
  local why folder
  why=$(mkdir -p "$run" "$logs" "$kept" "$cache" 2>&1) ||
    fail "A folder can't be made (${why##*mkdir: }); choose another with --data DIR."
  for folder in "$data" "$kept" "$cache"; do
    (($(free_megabytes "$folder") >= room_megabytes)) ||
      fail "Only $(free_megabytes "$folder") MB are free on the disk of $folder and $room_megabytes are needed;" \
        "make room, or choose another disk with --data DIR."
  done
}
room_megabytes=300

# One command at a time changes a data folder.
lock() {
  exec 9>>"$data/lock"
  flock -n 9 ||
    fail "Another ./tributary (process $(tail -n1 "$data/lock")) is at work in $data; wait until it is done and run" \
      "the same command again."
  echo $$ >"$data/lock"
}

unlock() { exec 9>&-; }

# A password is made once, and known only to those who may read the folder's secrets.
secret() { # name
  local value=''
  [[ ! -f $data/secrets ]] || value=$(sed -n "s/^$1=//p" "$data/secrets")
  if [[ -z $value ]]; then
    value=$(head -c 24 /dev/urandom | base64 | tr '+/' '-_')
    (umask 077 && printf '%s=%s\n' "$1" "$value" >>"$data/secrets")
  fi
  echo "$value"
}
