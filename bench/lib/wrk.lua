-- wrk ... -s wrk.lua URL -- KEYS STEP FIRST: with more than one key the requests go through "&key=<n>" in steps.
-- The result is printed as one line of JSON.
function init(args)
  local keys, step, at = tonumber(args[1]), tonumber(args[2]), tonumber(args[3])
  if keys <= 1 then return end
  local text = wrk.format("GET", wrk.path .. "&key=@")
  local head, tail = text:match("^(.-)@(.*)$")
  request = function()
    at = (at + step) % keys
    return head .. at .. tail
  end
end

function done(summary, latency)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format(
    '\n{"requests":%d,"seconds":%.6f,"p50":%.4f,"p99":%.4f,"wrong":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    failed + summary.errors.status))
end
