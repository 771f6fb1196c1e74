/*
 * The tag log is one sorted set without expiry. Members: `#seq`, whose score is the newest marker N; `#floor`,
 * entries below it are invalid; `#<marker>`, a link: the purge that directly followed that marker; `:<tag>`, the
 * last purge of a tag. A purge at s = max(last + 1, server µs, witness + 1) + random gives s to its tags and its
 * link, and N = s + 1 to `#seq`, so that reading from N inclusive finds one row when nothing happened.
 * The random bits come from the caller, because a forked history must not reuse a marker and Lua's own random is
 * seeded alike in every run. Numbers are printed with %.0f: tostring loses digits.
 */
const HEAD = `local g=KEYS[1]
local function f(n) return string.format('%.0f',n) end
local t=redis.call('TIME') local now=t[1]*1000000+t[2]
local raw=redis.call('ZSCORE',g,'#seq') local last=raw and tonumber(raw)
`;

/**
 * ARGV: `tags` or `all`, slack µs, retention µs (0: do not prune), random, witness, tag...
 * Returns { marker, previous marker or 0, floor }.
 */
export const PURGE = `${HEAD}
local s=math.max(last and last+1 or 0,last and now or now+tonumber(ARGV[2]),tonumber(ARGV[5])+1)+tonumber(ARGV[4])
local N=f(s+1)
if ARGV[1]=='all' or not last then
  if last then redis.call('UNLINK',g) end
  redis.call('ZADD',g,N,'#seq',N,'#floor')
  return {N,last and f(last) or '0',N}
end
local a={N,'#seq',f(s),'#'..f(last)}
for i=6,#ARGV do
  a[#a+1]=f(s) a[#a+1]=ARGV[i]
  if #a>=4000 then redis.call('ZADD',g,unpack(a)) a={} end
end
if #a>0 then redis.call('ZADD',g,unpack(a)) end
local floor='0'
local keep=tonumber(ARGV[3])
if keep>0 then
  -- The floor becomes the marker that was current then, not the time: entries made after a quiet day carry an old marker.
  local m=redis.call('ZREVRANGEBYSCORE',g,f(now-keep),'-inf','WITHSCORES','LIMIT',0,1)
  if m[1] and m[1]~='#floor' then
    floor=f(tonumber(m[2])+1)
    redis.call('ZADD',g,'GT',floor,'#floor')
    local n=redis.call('ZCOUNT',g,'-inf','('..floor)
    if n>0 then redis.call('ZREMRANGEBYRANK',g,0,math.min(n,5000)-1) end
  end
end
return {N,f(last),floor}`;

/**
 * ARGV: slack µs, limit, from, witness, random. Starts a new log above everything that anybody can have seen when
 * `from` or `witness` does not belong to the history. Returns { 1 if it did, member, score ... newest first }.
 */
export const RESYNC = `${HEAD}
local from,wit=tonumber(ARGV[3]),tonumber(ARGV[4])
local ok=false
if last then
  local floor=tonumber(redis.call('ZSCORE',g,'#floor') or '0')
  local function known(x) return x<=0 or x==last or floor>x or redis.call('ZSCORE',g,'#'..f(x)) end
  ok=floor>0 and known(from) and known(wit)
end
if not ok then
  local N=f(math.max(now+tonumber(ARGV[1]),from+1,wit+1,(last or 0)+1)+tonumber(ARGV[5]))
  if last then redis.call('UNLINK',g) end
  redis.call('ZADD',g,N,'#seq',N,'#floor')
end
local r=redis.call('ZREVRANGEBYSCORE',g,'+inf',from>0 and f(from) or '-inf','WITHSCORES','LIMIT',0,tonumber(ARGV[2]))
table.insert(r,1,ok and '0' or '1')
return r`;
