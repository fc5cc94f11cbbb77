-- A load for wrk: one request prepared by the bench, in which only digits change from one to the next. No string is
-- put together and nothing is searched for while it runs, so that wrk is not what is measured.
local ffi = require("ffi")
local bit = require("bit")

local threads = 0
local buffer, length, number, places, digits, crc_at, crc_start, crc_change

function setup(thread)
  thread:set("thread_number", threads)
  threads = threads + 1
end

-- The description names the request's file, where its digits stand, and for a gzip body what each digit does to the
-- checksum at its end.
function init(arguments)
  local description = dofile(arguments[1])
  local file = assert(io.open(description.request, "rb"))
  local text = file:read("*a")
  file:close()
  length = #text
  buffer = ffi.new("uint8_t[?]", length)
  ffi.copy(buffer, text, length)
  digits = description.digits
  places = ffi.new("int32_t[?]", #description.places, description.places)
  number = ffi.new("uint8_t[?]", digits)
  number[0] = thread_number
  crc_at, crc_start = description.crc_at, description.crc_start
  if crc_at then
    crc_change = ffi.new("int32_t[?]", #description.crc_change)
    for i = 1, #description.crc_change do crc_change[i - 1] = bit.tobit(description.crc_change[i]) end
  end
  places_count = #description.places
end

local function count_on()
  local at = digits - 1
  while number[at] == 9 do
    number[at] = 0
    at = at - 1
  end
  number[at] = number[at] + 1
end

function request()
  count_on()
  -- A place is where the first digit of a number stands, or, below zero, where its last three do.
  for i = 0, places_count - 1 do
    local place, first = places[i], 0
    if place < 0 then place, first = -place, digits - 3 end
    for digit = first, digits - 1 do buffer[place + digit - first] = 48 + number[digit] end
  end
  if crc_at then
    local crc = bit.tobit(crc_start)
    for digit = 0, digits - 1 do crc = bit.bxor(crc, crc_change[digit * 10 + number[digit]]) end
    for byte = 0, 3 do buffer[crc_at + byte] = bit.band(bit.rshift(crc, 8 * byte), 255) end
  end
  return ffi.string(buffer, length)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    "\nRESULT requests=%d microseconds=%d p50=%d p99=%d max=%d refused=%d broken=%d timeout=%d cpu=%d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    errors.status, errors.connect + errors.read + errors.write, errors.timeout, os.clock() * 1e6))
end
