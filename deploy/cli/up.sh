# up, down and logs.
# shellcheck shell=bash

up() {
  local foreground='' began=$EPOCHREALTIME
  while (($#)); do
    case $1 in
      --foreground) foreground=yes ;;
      *) fail "up knows --foreground, --data and --port-base, not '$1'." ;;
    esac
    shift
  done
  make_folders
  lock
  refuse_half_restored
  require_same_ports
  prepare_machine
  native
  publish_engines
  publish standalone "$root/services/standalone/src/Standalone.csproj"
  end_compiler
  echo "$port_base" >"$run/port-base"
  claim_ports
  start_postgres
  start_redis
  start_standalone
  unlock
  [[ -z $foreground ]] || trap 'down; exit 0' INT TERM # Whoever reads the next line may end it.
  printf '%6s s  Tributary is up: http://%s\n' "$(seconds_since "$began")" "$http_address"
  list_addresses
  first_organisation
  [[ -z $foreground ]] || stay
}

# Where everything answers, and who may come in.
list_addresses() {
  local kafka=${KAFKA_BROKERS:-127.0.0.1:$kafka_port}
  address() { printf '          %-11s %s\n' "$@"; }
  address health "http://$operations_address/health/ready"
  address gRPC "$grpc_address"
  address Kafka "$kafka"
  if [[ -n $clickhouse_program ]]; then
    address ClickHouse "http://127.0.0.1:$clickhouse_port, user default or readonly, database tributary"
  else
    address ClickHouse "as CLICKHOUSE_URL says"
  fi
  address PostgreSQL "127.0.0.1:$postgres_port, user tributary, database tributary"
  address Redis "127.0.0.1:$redis_port"
  address passwords "$data/secrets"
}

# What runs keeps its ports: moving them under running parts would leave half of them behind.
require_same_ports() {
  local last
  last=$(cat "$run/port-base" 2>/dev/null || echo "$port_base")
  [[ $last == "$port_base" ]] || ! { pid_of standalone || pid_of postgres || pid_of redis; } >/dev/null ||
    fail "What runs in $data has its ports from $last; './tributary down' first, then up on $port_base. A second one" \
      "beside it takes a data folder of its own, too: --data DIR."
}

# What a process needs to find the servers, by the names that operators know.
addresses() {
  export DATABASE_URL REDIS_URL SERVICE_KEY ENCRYPTION_KEY
  ENCRYPTION_KEY=${ENCRYPTION_KEY:-$(secret ENCRYPTION_KEY)}
  SERVICE_KEY=$(secret SERVICE_KEY)
  DATABASE_URL="postgres://tributary:$(secret POSTGRES_PASSWORD)@127.0.0.1:$postgres_port/tributary"
  REDIS_URL="redis://:$(secret REDIS_PASSWORD)@127.0.0.1:$redis_port"
  export KAFKA_BROKERS=${KAFKA_BROKERS:-127.0.0.1:$kafka_port}
  export Ingestion__Spool__Folder=$data/spool Ingestion__Deduplication__Folder=$data/windows
  [[ -n ${CLICKHOUSE_URL:-} ]] ||
    CLICKHOUSE_URL="http://default:$(secret CLICKHOUSE_PASSWORD)@127.0.0.1:$clickhouse_port/tributary"
  export CLICKHOUSE_URL
}

# The engines of the one-machine size, each only where the operator names no other server.
publish_engines() {
  kafka_program='' clickhouse_program=''
  [[ -n ${KAFKA_BROKERS:-} ]] || publish_kafka
  [[ -n ${CLICKHOUSE_URL:-} ]] || publish_clickhouse
}

publish_kafka() {
  publish kafka "$root/shared/embedded-kafka/server/EmbeddedKafka.Server.csproj"
  kafka_program=$program
}

publish_clickhouse() {
  clickhouse_is_published ||
    fail "ClickHouse's engine is published for Linux on x86-64 only, and this is $(uname -sm); name a server of your" \
      "own by CLICKHOUSE_URL=http://user:password@host:8123/database."
  native_clickhouse
  publish clickhouse "$root/shared/embedded-clickhouse/src/EmbeddedClickHouse.csproj"
  clickhouse_program=$program
}

start_engines() {
  : >"$run/children"
  [[ -z $kafka_program ]] || supervise kafka "kafka://127.0.0.1:$kafka_port" \
    dotnet "$kafka_program" --data "$data/kafka" --listen "127.0.0.1:$kafka_port"
  [[ -n $clickhouse_program ]] || return 0
  # By the environment, which the child has a copy of: arguments can be read by everyone on the machine.
  export ClickHouse__AdministratorPassword ClickHouse__ReadOnlyPassword
  ClickHouse__AdministratorPassword=$(secret CLICKHOUSE_PASSWORD)
  ClickHouse__ReadOnlyPassword=$(secret CLICKHOUSE_READONLY_PASSWORD)
  supervise clickhouse "http://127.0.0.1:$clickhouse_port/ping" \
    dotnet "$clickhouse_program" --ClickHouse:Data "$data/clickhouse" --ClickHouse:Database tributary \
    --ClickHouse:Listen "127.0.0.1:$clickhouse_port" --ClickHouse:Library "$kept/native/libchdb.so"
}

# Has the standalone process keep a program running beside it.
supervise() { # name, probe, program, arguments...
  local place=Children__Processes__$supervised argument=0
  echo "$1" >>"$run/children"
  supervised=$((supervised + 1))
  export "${place}__Name=$1" "${place}__Probe=$2" "${place}__Program=$3"
  shift 3
  while (($#)); do
    export "${place}__Arguments__$argument=$1"
    argument=$((argument + 1))
    shift
  done
}
supervised=0

# Every port that something is about to take, before anything is started: nothing is left behind half started.
claim_ports() {
  local offset
  pid_of postgres >/dev/null || claim "$postgres_port" PostgreSQL
  pid_of redis >/dev/null || claim "$redis_port" Redis
  ! pid_of standalone >/dev/null || return 0
  for offset in 0 2 3; do claim $((port_base + offset)) Tributary; done
  [[ -z $kafka_program ]] || claim "$kafka_port" Kafka
  [[ -z $clickhouse_program ]] || claim "$clickhouse_port" ClickHouse
}

start_standalone() {
  local programs="$program $kafka_program $clickhouse_program"
  if pid_of standalone >/dev/null; then
    if [[ $(cat "$run/standalone.program" 2>/dev/null) == "$programs" ]] && standalone_ready; then return; fi
    begin "Stopping the last build"
    stop standalone 12 TERM
    finish "Stopped the last build"
  fi
  begin "Starting Tributary"
  start_engines
  addresses
  export Listen__Http=$http_address Listen__Grpc=$grpc_address Listen__Operations=$operations_address
  echo "$programs" >"$run/standalone.program"
  launch standalone - env -u ASPNETCORE_URLS -u ASPNETCORE_HTTP_PORTS -C "$(dirname "$program")" dotnet "$program"
  await standalone 60 standalone_ready || fail "Tributary did not become ready: $(last_words standalone)."
  finish "Tributary is ready"
}

standalone_ready() { curl -sf --noproxy '*' --max-time 2 -o /dev/null "http://$operations_address/health/ready"; }

clickhouse_answers() { curl -sf --noproxy '*' --max-time 2 -o /dev/null "http://127.0.0.1:$clickhouse_port/ping"; }

# The line of a part's log that says why it ended or does not answer.
last_words() { # name
  local line
  line=$(tail -n40 "$logs/$1.log" | grep -iE 'error|fatal|fail|panic|exception|critical' | tail -n1)
  [[ -n $line ]] || line=$(tail -n1 "$logs/$1.log")
  echo "$(cut -c1-400 <<<"$line" | sed 's/[. ]*$//') (all of it: $logs/$1.log)"
}

# Stays with what runs until it is asked to stop.
stay() {
  trap 'down; exit 0' INT TERM
  local pid
  while pid=$(pid_of standalone); do
    tail -n0 -F --pid="$pid" "$logs/standalone.log" 2>/dev/null &
    wait $! || true
    flock "$data/lock" true & # Whoever is at work, at a backup for example, may start it again.
    wait $! || true
  done
  trap - INT TERM
  down
  fail "Tributary ended by itself: $(last_words standalone)."
}

down() {
  if [[ ! -d $run ]]; then
    echo "Nothing was ever started in $data."
    return
  fi
  lock
  local part pid began=$EPOCHREALTIME
  # The process first, so that it still finds the servers that it writes its last things to.
  for part in standalone:11:TERM redis:2:TERM postgres:2:INT; do
    pid=$(pid_of "${part%%:*}") || { rm -f "$run/${part%%:*}.pid"; continue; }
    begin "Stopping ${part%%:*}"
    stop "${part%%:*}" "$(cut -d: -f2 <<<"$part")" "${part##*:}"
    finish "Stopped ${part%%:*} (process $pid)"
  done
  unlock
  printf '%6s s  Tributary is down; its data are in %s\n' "$(seconds_since "$began")" "$data"
}

logs() {
  local follow=() part=standalone lines=200
  while (($#)); do
    case $1 in
      -f | --follow) follow=(-F) ;;
      -n)
        needs_value "a number" "$@"
        lines=$2
        [[ $lines =~ ^[0-9]+$ ]] || fail "-n needs a number, not '$lines'."
        shift
        ;;
      -*) fail "logs knows -f and -n LINES, not '$1'." ;;
      *) part=$1 ;;
    esac
    shift
  done
  [[ $part != build ]] || part=$(basename "$(newest_log)" .log)
  if [[ -f $logs/$part.log ]]; then
    exec tail -n "$lines" "${follow[@]}" "$logs/$part.log"
  fi
  [[ -f $logs/standalone.log ]] || fail "There are no logs in $logs yet; ./tributary up first."
  # A child says its name in a field, a service in the category of what it logs.
  local lines_of="\"$part\"|\"Tributary\.${part}[.\"]"
  grep -qiE "$lines_of" "$logs/standalone.log" ||
    fail "Nothing called '$part' has said anything;" \
      "there are: $({ cat "$run/children" && cd "$logs" && ls -- *.log; } | sed 's/\.log$//' | paste -sd' ')"
  tail -n +1 "${follow[@]}" "$logs/standalone.log" | grep --line-buffered -iE "$lines_of" |
    if ((${#follow[@]})); then cat; else tail -n "$lines"; fi
}

newest_log() {
  find "$logs" \( -name restore.log -o -name build.log -o -name librdkafka.log \) -printf '%T@ %p\n' |
    sort -n | tail -n1 | cut -d' ' -f2-
}
