-- wrk ... -s wrk.lua URL -- FILE FIRST: hands out the requests of FILE in turn, whose texts are ready.
-- "@COUNT@" in the only request becomes a number that counts up from FIRST; answers from a cache are counted then.
-- The result is printed as one line of JSON.
local threads = {}
hits = 0

function setup(thread)
  threads[#threads + 1] = thread
end

function init(args)
  local file = assert(io.open(args[1], "rb"))
  local texts = {}
  for text in file:read("*a"):gmatch(".-\r\n\r\n") do texts[#texts + 1] = text end
  file:close()
  local before, after = texts[1]:match("^(.-)@COUNT@(.*)$")
  local at = tonumber(args[2])
  if before then
    request = function()
      at = at + 1
      return before .. at .. after
    end
    response = function(_, headers)
      if headers["X-Cache"] == "HIT" then hits = hits + 1 end
    end
  else
    request = function()
      at = at % #texts + 1
      return texts[at]
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  local found = 0
  for _, thread in ipairs(threads) do found = found + thread:get("hits") end
  io.write(string.format(
    '\n{"requests":%d,"hits":%d,"seconds":%.6f,"bytes":%.0f,"p50":%.4f,"p99":%.4f,"wrong":%d}\n',
    summary.requests, found, summary.duration / 1e6, summary.bytes,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status))
end
