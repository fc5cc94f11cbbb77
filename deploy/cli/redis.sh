# Redis: the system's program, our own data, loopback and a password only.
# shellcheck shell=bash

start_redis() {
  local user=- folder password
  password=$(secret REDIS_PASSWORD)
  if pid_of redis >/dev/null; then
    begin "Waiting for Redis"
    await redis 15 redis_answers "$password" || fail_silent Redis redis
    return
  fi
  ! { ((EUID == 0)) && id -u redis >/dev/null 2>&1; } || user=redis
  folder=$(folder_for redis "$user")
  claim "$redis_port" Redis
  begin "Starting Redis"
  (
    umask 077
    {
      echo "bind 127.0.0.1"
      echo "port $redis_port"
      echo "requirepass $password"
      echo "dir $folder"
      echo "appendonly yes"
    } >"$folder/redis.conf.part"
  )
  [[ $user == - ]] || chown "$user:" "$folder/redis.conf.part"
  mv "$folder/redis.conf.part" "$folder/redis.conf"
  launch redis "$user" redis-server "$folder/redis.conf" "$@"
  await redis 60 redis_answers "$password" || fail "Redis did not start: $(last_words redis)."
  finish "Redis answers on 127.0.0.1:$redis_port"
}

redis_answers() { # password
  [[ $(REDISCLI_AUTH=$1 timeout 3 redis-cli -p "$redis_port" ping 2>/dev/null) == PONG ]]
}
