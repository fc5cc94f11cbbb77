# PostgreSQL: the system's programs, our own cluster in the data folder, loopback and passwords only.
# shellcheck shell=bash

# The folder of PostgreSQL's programs: of the version that the cluster was made by, or the newest.
postgres_programs() { # cluster folder, if there is one
  local version=''
  [[ ! -f ${1:-}/PG_VERSION ]] || version=$(<"$1/PG_VERSION")
  local folder
  folder=$(compgen -G "/usr/lib/postgresql/${version:-*}/bin/initdb" | sort -V | tail -n1 | xargs -r dirname)
  if [[ -z $folder ]] && command -v initdb >/dev/null; then folder=$(dirname "$(command -v initdb)"); fi
  [[ -n $folder ]] && echo "$folder"
}

# PostgreSQL refuses to run as root: the package's own user does it then.
postgres_user() { if ((EUID == 0)); then echo postgres; else echo -; fi; }

# Starts the cluster of the data folder, and makes it first where there is none. Extra settings: -c name=value ...
start_postgres() {
  local user folder programs
  user=$(postgres_user)
  folder=$(folder_for postgres "$user")
  if pid_of postgres >/dev/null; then
    programs=$(postgres_programs "$folder/cluster")
    begin "Waiting for PostgreSQL"
    await postgres 15 "$programs/pg_isready" -q -t 3 -h "$folder" -p "$postgres_port" || fail_silent PostgreSQL postgres
    ensure_database "$programs" "$folder"
    return
  fi
  ((${#folder} <= 85)) ||
    fail "$folder is too long a name for PostgreSQL's socket (85 characters at most); choose a shorter --data DIR."
  claim "$postgres_port" PostgreSQL
  begin "Starting PostgreSQL"
  programs=$(postgres_programs "$folder/cluster") ||
    fail "The data in $folder are of PostgreSQL $(<"$folder/cluster/PG_VERSION"), which is not installed; install" \
      "postgresql-$(<"$folder/cluster/PG_VERSION")."
  [[ -f $folder/cluster/PG_VERSION ]] || make_cluster "$user" "$folder" "$programs"

  forget_postmaster "$folder"
  local attempts=40
  until
    launch postgres "$user" "$programs/postgres" -D "$folder/cluster" -p "$postgres_port" -k "$folder" "$@"
    await postgres 60 "$programs/pg_isready" -q -h "$folder" -p "$postgres_port"
  do
    # The last sessions of a postmaster that was killed need a moment to end; nothing else gets better by itself.
    if ((--attempts == 0)) || ! tail -n5 "$logs/postgres.log" | grep -q 'shared memory block'; then
      fail "PostgreSQL did not start: $(last_words postgres)."
    fi
    sleep 0.25
  done
  ensure_database "$programs" "$folder"
  finish "PostgreSQL $(<"$folder/cluster/PG_VERSION") answers on 127.0.0.1:$postgres_port"
}

# Made beside its place and then moved there, so that there is a whole cluster or none.
make_cluster() { # user, folder, programs
  rm -rf "$2/cluster.part"
  local as=()
  [[ $1 == - ]] || as=(setpriv "--reuid=$1" "--regid=$(id -g "$1")" --init-groups)
  quietly "$logs/initdb.log" env -C "$2" "${as[@]}" "$3/initdb" -D "$2/cluster.part" -U postgres -E UTF8 \
    --locale=C.UTF-8 --auth-local=peer --auth-host=scram-sha-256 ||
    fail "PostgreSQL's data folder could not be made: $(reason "$logs/initdb.log")."
  {
    # Whoever may read this folder is its owner: no password there. Everyone else comes by TCP, with one.
    echo "local all postgres peer map=owner"
    echo "host all all 127.0.0.1/32 scram-sha-256"
  } >"$2/cluster.part/pg_hba.conf"
  {
    echo "owner $(id -un "${1/#-/$EUID}") postgres"
    ((EUID != 0)) || echo "owner root postgres"
  } >"$2/cluster.part/pg_ident.conf"
  {
    echo "listen_addresses = '127.0.0.1'"
    echo "max_connections = 200"
    echo "log_line_prefix = '%m [%p] %q%u@%d '"
  } >>"$2/cluster.part/postgresql.conf"
  mv -T "$2/cluster.part" "$2/cluster"
}

# What a postmaster that was killed left behind would keep a new one from starting, once its pid is another process's.
forget_postmaster() { # folder
  local left pid
  for left in "$1/cluster/postmaster.pid" "$1"/.s.PGSQL.*.lock; do
    { read -r pid <"$left"; } 2>/dev/null || continue
    [[ $(born "$pid" && tr '\0' ' ' <"/proc/$pid/cmdline") == *postgres*"$1/cluster"* ]] || rm -f "$left"
  done
}

# The services' own role may make schemas and roles, but is no superuser: row-level security holds for what it makes.
ensure_database() { # programs, folder
  local password
  password=$(secret POSTGRES_PASSWORD)
  # The password comes by the input: arguments can be read by everyone on the machine.
  timeout 60 "$1/psql" -XqAt -h "$2" -p "$postgres_port" -U postgres -v ON_ERROR_STOP=1 \
    >"$logs/database.log" 2>&1 <<SQL || fail "The database could not be made: $(reason "$logs/database.log")."
select 'create role tributary login createrole createdb'
where not exists (select from pg_roles where rolname = 'tributary') \gexec
alter role tributary password '$password';
select 'create database tributary owner tributary'
where not exists (select from pg_database where datname = 'tributary') \gexec
SQL
}
