# test and bench: servers of their own, thrown away afterwards.
# shellcheck shell=bash

run_tests() { # filter
  (($# <= 1)) || fail "test takes one filter; quote it if it has spaces."
  local filter=${1:-} passed=0 failed=0 skipped=0 projects=() began=$EPOCHREALTIME apache=''
  export CI
  [[ -n ${CI:-} ]] || unset CI
  data=$kept/test
  settle
  make_folders
  lock
  prepare_machine
  prepare_checkers "$filter"
  native
  native_clickhouse
  choose_projects "$filter"
  restore tests "$root/Tributary.slnx"
  [[ -n $filter ]] || check_format
  if build_tests "$filter"; then
    start_test_servers
    end_compiler
    printf '\n%-28s %7s %7s %8s %9s\n' project passed failed skipped time
    test_projects
    stop_test_servers
    ((passed + failed + skipped > 0)) || fail "No test has '$filter' in its name."
    list_outcomes Failed
    list_outcomes NotExecuted
    printf '\n%s s in all\n' "$(seconds_since "$began")"
  fi
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  exit $((failed > 0))
}

# For a part of the tests nothing is installed that they may not need.
prepare_checkers() { # filter
  local packages
  mapfile -t packages < <(missing_checkers)
  ((${#packages[@]} > 0)) || return 0
  if [[ -z $1 ]] && ((EUID == 0)) && command -v apt-get >/dev/null; then
    install_packages "${packages[@]}"
  else
    echo "          Tests that need ${packages[*]} will be skipped: they are not installed."
  fi
}

# The test projects whose name or tests contain the filter; all of them without one.
choose_projects() { # filter
  local project folder
  while read -r project; do
    folder=$(dirname "$project")
    if [[ -z $1 || ${project,,} == *"${1,,}"*.tests.csproj ]]; then
      choose "$project" ""
    elif grep -rqi --include='*.cs' -e "${1// /_}" -e "$1" "$folder"; then
      choose "$project" "${1// /_}"
    fi
  done < <(find "$root/services" "$root/shared" -name '*.Tests.csproj' | LC_ALL=C sort)
  ((${#projects[@]} > 0)) || fail "No test project and no test has '$1' in its name."
}

# Projects that say <TestsOnEveryKafka>true</TestsOnEveryKafka> are tested on ours, and on Apache Kafka where it is.
choose() { # project, filter
  projects+=("$1:$2:")
  if [[ -n ${KAFKA_HOME:-} ]] && grep -q '<TestsOnEveryKafka>true' "$1"; then projects+=("$1:$2:apache"); fi
}

check_format() {
  local print
  print=$(sources_fingerprint)
  if [[ $(cat "$kept/formatted" 2>/dev/null) == "$print" ]]; then return; fi
  begin "Checking the format"
  if quietly "$logs/format.log" dotnet format "$root/Tributary.slnx" --verify-no-changes --no-restore; then
    echo "$print" >"$kept/formatted"
    finish "The format is as agreed"
  else
    failed=$((failed + 1))
    finish "The format is not as agreed; 'dotnet format' mends most of it:"
    grep -E 'error|warning' "$logs/format.log" | sed "s|$root/||; s/ \[.*//" | sort -u | head -n 20
  fi
}

sources_fingerprint() {
  find "$root/services" "$root/shared" "$root/.editorconfig" "$root"/*.props -type f -printf '%p %s %T@\n' |
    LC_ALL=C sort | sha256sum
}

# What was asked for, or the whole solution: all of it is built with no warning, or nothing is tested.
build_tests() { # filter
  local target=$root/Tributary.slnx
  if [[ -n $1 ]]; then
    target=$data/chosen.slnf
    printf '{"solution": {"path": "%s", "projects": [%s]}}' "$root/Tributary.slnx" \
      "$(printf '%s\n' "${projects[@]%%:*}" | sort -u | sed "s|^$root/\(.*\)|\"\1\"|" | paste -sd,)" >"$target"
  fi
  local build=(dotnet build "$target" --no-restore -warnaserror -clp:NoSummary "${build_options[@]}")
  begin "Building"
  if quietly "$logs/build.log" "${build[@]}"; then
    finish "Built with no warning"
  else
    finish "It does not build:"
    grep -E 'error|warning' "$logs/build.log" | sed "s|$root/||; s/ \[.*//" | sort -u | head -n 40
    failed=$((failed + 1))
    end_compiler
    return 1
  fi
}

# Servers for tests alone: new each time, on ports that are free now, and quick instead of safe.
start_test_servers() {
  trap stop_test_servers EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  stop_test_servers
  remove "$data/postgres" "$data/redis" "$data/kafka" "$data/clickhouse" "$data/apache" "$data/secrets" \
    "$data/results"
  rm -f "$logs/postgres.log" "$logs/redis.log"
  mkdir -p "$data/results"
  take_free_ports
  start_postgres -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300
  start_redis --save '' --requirepass ''
  export TEST_POSTGRES TEST_REDIS=127.0.0.1:$redis_port
  TEST_POSTGRES="Host=127.0.0.1;Port=$postgres_port;Username=tributary_test;Database=postgres"
  TEST_POSTGRES+=";Password=$(secret TEST_PASSWORD)"
  make_test_owner
  start_kafka
  ! clickhouse_is_published || start_clickhouse
  [[ -z ${KAFKA_HOME:-} ]] || start_apache
}

# Folders, also where they are links to where their server can reach them.
remove() { # folders...
  local folder
  for folder in "$@"; do
    [[ ! -L $folder ]] || rm -rf "$(readlink -f "$folder")"
    rm -rf "$folder"
  done
}

# Ports below those that the system gives to outgoing connections, in an order of chance: suites run side by side.
take_free_ports() {
  local first
  while read -r first; do
    if ! listener "$first" && ! listener $((first + 1)) && ! listener $((first + 2)) \
      && ! listener $((first + 3)) && ! listener $((first + 4)) && ! listener $((first + 5)); then
      postgres_port=$first redis_port=$((first + 1)) kafka_port=$((first + 2)) apache_port=$((first + 3))
      clickhouse_port=$((first + 5)) # Apache Kafka's controller listens beside its broker.
      return
    fi
  done < <(shuf -i 28000-32000 -n 50) >/dev/null
  fail "No six free ports in a row were found between 28000 and 32000."
}

make_test_owner() {
  local folder
  folder=$(realpath "$data/postgres")
  "$(postgres_programs "$folder/cluster")/psql" -XqAt -h "$folder" -p "$postgres_port" -U postgres \
    -v ON_ERROR_STOP=1 <<<"create role tributary_test login superuser password '$(secret TEST_PASSWORD)'"
}

start_kafka() {
  publish_kafka
  begin "Starting the embedded Kafka"
  export TEST_KAFKA=127.0.0.1:$kafka_port EMBEDDED_KAFKA_SERVER=$kafka_program
  launch kafka - dotnet "$kafka_program" --data "$data/kafka" --listen "$TEST_KAFKA" --fsync os
  await kafka 15 listener "$kafka_port" || fail "The embedded Kafka did not start: $(last_words kafka)."
  finish "The embedded Kafka answers on $TEST_KAFKA"
}

start_clickhouse() {
  publish_clickhouse
  begin "Starting the embedded ClickHouse"
  export TEST_CLICKHOUSE=http://127.0.0.1:$clickhouse_port
  launch clickhouse - dotnet "$clickhouse_program" --ClickHouse:Data "$data/clickhouse" \
    --ClickHouse:Listen "127.0.0.1:$clickhouse_port" --ClickHouse:Library "$kept/native/libchdb.so"
  await clickhouse 60 clickhouse_answers || fail "The embedded ClickHouse did not start: $(last_words clickhouse)."
  finish "The embedded ClickHouse answers on ${TEST_CLICKHOUSE#http://}"
}

start_apache() {
  KAFKA_HOME=$(cd "$KAFKA_HOME" && pwd) || fail "KAFKA_HOME names no folder."
  export KAFKA_HOME
  apache=127.0.0.1:$apache_port
  begin "Starting Apache Kafka"
  quietly "$logs/apache.log" setsid "$KAFKA_HOME/kafka" start "$data/apache" "$apache_port" ||
    fail "Apache Kafka did not start: $(reason "$logs/apache.log")."
  finish "Apache Kafka answers on $apache"
  local pid
  pid=$(<"$data/apache/pid")
  printf '%s %s\n' "$pid" "$(born "$pid")" >"$run/apache.pid"
}

stop_test_servers() {
  local part job
  for job in $(jobs -p); do kill -KILL -- "-$job" 2>/dev/null || true; done
  for part in apache clickhouse kafka redis postgres; do stop "$part" 0 KILL; done
  rm -rf "$data/kafka" "$data/clickhouse" "$data/apache"
}

# Two projects at a time; those whose project file says <TestsRunAlone>true</TestsRunAlone> afterwards, one by one.
test_projects() {
  local entry together=() alone=() running=0
  for entry in "${projects[@]}"; do
    if grep -q '<TestsRunAlone>true' "${entry%%:*}"; then alone+=("$entry"); else together+=("$entry"); fi
  done
  for entry in "${together[@]}"; do
    if ((running == 2)); then collect; fi
    test_project "$entry"
    running=$((running + 1))
  done
  while ((running > 0)); do collect; done
  for entry in "${alone[@]}"; do
    test_project "$entry"
    running=1
    collect
  done
}

declare -A name_of=() began_of=() filter_of=()

# In a session of its own, so that whatever a test left running can be ended with it.
test_project() { # project:filter:kafka
  local project filter kafka name results
  IFS=: read -r project filter kafka <<<"$1"
  name=$(basename "$project" .csproj)
  results=$data/results/$name${kafka:+-$kafka}
  local command=(timeout --kill-after=20 "$project_seconds_max" dotnet test
    "$root/artifacts/bin/$name/debug/Tributary.$name.dll" --logger "trx;LogFileName=results.trx"
    --results-directory "$results" --blame-hang-timeout 5m --blame-hang-dump-type none)
  [[ -z $filter ]] || command+=(--filter "FullyQualifiedName~$filter")
  [[ -z $kafka ]] || command=(env "TEST_KAFKA=$apache" "${command[@]}")
  mkdir -p "$results"
  setsid "${command[@]}" >"$results/output.log" 2>&1 </dev/null 8>&- 9>&- &
  name_of[$!]=$(basename "$results")
  filter_of[$!]=$filter
  began_of[$!]=$EPOCHREALTIME
}
project_seconds_max=900

# Waits for one project, counts it and writes its line.
collect() {
  local pid code=0 name results counts
  wait -n -p pid || code=$?
  running=$((running - 1))
  kill -KILL -- "-$pid" 2>/dev/null || true
  name=${name_of[$pid]}
  results=$data/results/$name
  read -ra counts < <(count "$results/results.trx")
  if [[ $code == 0 && "${counts[*]}" == "0 0 0" && -n ${filter_of[$pid]} ]]; then
    return # The filter is in its text, and in no test's name.
  elif [[ $code == 0 && "${counts[*]}" == "0 0 0" ]]; then
    counts[1]=1
    echo "failed: $name: no test was found in it" >"$results/ended"
  elif ((code != 0 && counts[1] == 0)); then
    counts[1]=1 # It ended without saying which test failed: a crash, or the bound on its time.
    { echo "failed: $name: ended with code $code:"; tail -n 20 "$results/output.log"; } >"$results/ended"
  fi
  passed=$((passed + counts[0])) failed=$((failed + counts[1])) skipped=$((skipped + counts[2]))
  printf '%-28s %7d %7d %8d %7s s\n' "$name" "${counts[@]}" "$(seconds_since "${began_of[$pid]}")"
}

count() { # results
  [[ -f $1 ]] || { echo 0 0 0; return; }
  awk '/<UnitTestResult / { match($0, /outcome="[^"]*"/); n[substr($0, RSTART + 9, RLENGTH - 10)]++ }
    END { print n["Passed"] + 0, n["Failed"] + n["Timeout"] + n["Aborted"] + n["Error"], n["NotExecuted"] + 0 }' "$1"
}

# The names of the tests that failed or were skipped, with what they said.
list_outcomes() { # outcome
  local results
  for results in "$data"/results/*/; do
    [[ ! -f $results/results.trx ]] ||
      awk -v outcome="$1" -v project="$(basename "$results")" -f "$root/deploy/cli/outcomes.awk" "$results/results.trx"
    [[ $1 != Failed || ! -f $results/ended ]] || { echo && cat "$results/ended"; }
  done
}

# Executable projects called after what they measure: services/NAME/bench, shared/NAME/bench; and the crash rig.
bench() { # name, arguments...
  local project name found=''
  while read -r project; do
    name=$(basename "$(dirname "$(dirname "$project")")")
    [[ $project != */testing/crash/* ]] || name=crash
    [[ $project != */embedded-kafka/* ]] || name=broker
    [[ $project != */shared/clickhouse/* ]] || name=clickhouse-client
    if (($# == 0)); then
      printf '%-18s %s\n' "$name" "$(grep -oP '(?<=<Description>)[^<]+' "$project" || true)"
    elif [[ $1 == "$name" ]]; then
      found=$project
    fi
  done < <(find "$root/services" "$root/shared" \( -path '*/bench/*.csproj' -o -path '*/testing/crash/*.csproj' \
    -o -path '*/first-light/src/*.csproj' \) \
    -not -name '*.Tests.csproj' | LC_ALL=C sort)
  (($# > 0)) || return 0
  [[ -n $found ]] || fail "There is no bench '$1'; ./tributary bench lists them."
  shift
  data=$kept/test
  settle
  make_folders
  lock
  prepare_machine
  local packages
  mapfile -t packages < <(missing_for_bench "$found")
  ((${#packages[@]} == 0)) || install_packages "${packages[@]}"
  native
  native_clickhouse
  publish "bench-$(basename "$found" .csproj)" "$found"
  local bench_program=$program
  start_test_servers
  end_compiler
  cd "$root" && dotnet "$bench_program" "$@"
}
