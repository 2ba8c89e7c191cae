/** Lua that several scripts share. Money is whole micro-dollars: doubles keep it exactly. */

/**
 * How long the keys of a payer stay after they were last touched, in milliseconds: longer than any run lasts and any
 * facts are old. They go when their runs do; this is for what nobody could clean up.
 */
export const keptMs = 7 * 86_400_000;

/** Run ids are remembered for so long after their end, so that one that comes again is known. In milliseconds. */
export const endedKeptMs = 60_000;

/** `now`: milliseconds on the server's clock. */
export const luaNow = /* lua */ `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000`;

/** A number as Redis takes it, and keeps it in an answer: numbers would be cut down to integers. Minus zero is none. */
export const luaText = /* lua */ `
local function text(number) return string.format('%.17g', number + 0) end`;

/** What is settled only grows within a period: of two numbers the greater is the later one. */
export const luaRaise = /* lua */ `
local function raise(settled, field, micros)
  if micros > (tonumber(redis.call('HGET', settled, field)) or 0) then
    redis.call('HSET', settled, field, text(micros))
    redis.call('PEXPIRE', settled, ${keptMs})
  end
end`;

/**
 * Changes what a slot holds and what its payer and member hold together. A sum that nobody has a part in any more goes
 * away; that of the payer goes with its last slot.
 */
export const luaHold = /* lua */ `
local function addHold(held, slot, user, micros)
  redis.call('HINCRBY', held, 'all', text(micros))
  redis.call('HINCRBY', slot, 'hold', text(micros))
  if redis.call('HINCRBY', held, 'u:' .. user, text(micros)) <= 0 then redis.call('HDEL', held, 'u:' .. user) end
end`;

/** Takes a slot away with all that it holds. Needs `addHold`. */
export const luaRemove = /* lua */ `
local function remove(slots, ends, held, slot, runId)
  local kept = redis.call('HMGET', slot, 'user', 'hold')
  -- What gives memory back comes first: a server that is full lets a script begin with nothing else.
  redis.call('ZREM', slots, runId)
  redis.call('ZREM', ends, runId)
  if kept[1] then addHold(held, slot, kept[1], -kept[2]) end
  redis.call('DEL', slot)
  if redis.call('ZCARD', slots) == 0 then redis.call('DEL', held) end
end`;
