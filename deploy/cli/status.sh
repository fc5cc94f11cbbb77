# What runs, and whether it is well.
# shellcheck shell=bash

# Ends with 0 when everything runs and is well, 3 when nothing runs, 1 in between.
status() {
  (($# == 0)) || fail "status knows --data, not '$1'."
  local running=0 well=0 part
  printf '%-12s %-9s %8s %10s %9s %6s  %s\n' part state process uptime memory port health
  for part in standalone:"$port_base" postgres:"$postgres_port" redis:"$redis_port"; do
    status_line "${part%:*}" "${part#*:}"
  done
  [[ ! -f $run/children ]] || children
  ((running > 0)) || exit 3
  exit $((well < 3))
}

status_line() { # name, port
  local pid health
  if ! pid=$(pid_of "$1"); then
    printf '%-12s %-9s\n' "$1" stopped
    return
  fi
  running=$((running + 1))
  if health=$("health_of_$1"); then well=$((well + 1)); fi
  part_line "$1" "$pid" "$2" "$health"
}

part_line() { # name, pid, port, health
  printf '%-12s %-9s %8s %10s %6s MB %6s  %s\n' "$1" running "$2" "$(uptime_of "$2")" "$(memory_of "$2")" "$3" "$4"
}

health_of_standalone() {
  local answer
  answer=$(curl -s --noproxy '*' --max-time 3 "http://$operations_address/health/ready") ||
    { echo "does not answer on $operations_address"; return 1; }
  # shellcheck disable=SC2016 # JavaScript's own placeholders.
  node -e '
    const report = JSON.parse(process.argv[1]);
    const lines = (report.dependencies ?? []).map(line => `${line.name}: ${line.sentence}`);
    console.log([report.status, ...lines].join("\n  "));
    process.exitCode = report.status === "healthy" ? 0 : 1;' "$answer" 2>/dev/null
}

health_of_postgres() {
  local folder
  folder=$(realpath "$data/postgres")
  "$(postgres_programs "$folder/cluster")/pg_isready" -h 127.0.0.1 -p "$postgres_port" | sed 's/.* - //'
  ((PIPESTATUS[0] == 0))
}

health_of_redis() {
  if redis_answers "$(secret REDIS_PASSWORD)"; then echo "answers"; else echo "does not answer" && return 1; fi
}

# The processes that the standalone process supervises, which know their own names.
children() {
  local parent='' pid name
  parent=$(pid_of standalone) || true
  while read -r name; do
    if pid=$(child_of "$parent" "$name"); then
      part_line "$name" "$pid" "$(port_of_child "$name")" 'see standalone'
    else
      printf '%-12s %-9s\n' "$name" stopped
    fi
  done <"$run/children"
}

child_of() { # pid, name
  local pid
  while [[ -n $1 ]] && read -r pid; do
    if grep -qzx "TRIBUTARY_CHILD=$2" "/proc/$pid/environ" 2>/dev/null; then
      echo "$pid"
      return
    fi
  done < <(children_of "$1")
  return 1
}

port_of_child() { # name
  case $1 in
    kafka) echo "$kafka_port" ;;
    clickhouse) echo "$clickhouse_port" ;;
  esac
}

uptime_of() { # pid
  local moment now
  moment=$(born "$1") || { echo -; return; }
  read -r now _ </proc/uptime
  local seconds=$((${now%.*} - moment / $(getconf CLK_TCK)))
  if ((seconds >= 86400)); then
    printf '%dd %02dh' $((seconds / 86400)) $((seconds % 86400 / 3600))
  else
    printf '%d:%02d:%02d' $((seconds / 3600)) $((seconds % 3600 / 60)) $((seconds % 60))
  fi
}

# Memory of a process and those it started, pages that they share counted once where the system lets us see.
memory_of() { # pid
  local kilobytes=0 process value
  while read -r process; do
    # A process may end while it is looked at.
    value=$(awk '/^Pss:/ { print $2 }' "/proc/$process/smaps_rollup" 2>/dev/null) || true
    [[ -n $value ]] || value=$(awk '/^VmRSS:/ { print $2 }' "/proc/$process/status" 2>/dev/null) || true
    kilobytes=$((kilobytes + ${value:-0}))
  done < <(echo "$1"; children_of "$1")
  echo $((kilobytes / 1024))
}

children_of() { # pid
  { cat "/proc/$1/task/"*/children 2>/dev/null || true; } | tr ' ' '\n' | grep .
}
