/**
 * Runs in a job's fresh interpreter before the job's own code and keeps the intrinsics it needs, so that code which
 * replaces them can spoil its own answer but cannot break out of the exchange of JSON text with the host.
 * A function of `emit(json)`, which takes one log line, that returns the other ends of the exchange.
 */
export const PRELUDE = `((emit) => {
  "use strict";
  const { parse, stringify } = JSON;
  const slice = Function.prototype.call.bind(String.prototype.slice);
  const text = (value) => {
    if (typeof value === "string") return value;
    try {
      if (value instanceof Error) return String(value);
      return stringify(value) ?? String(value);
    } catch {
      try { return String(value); } catch { return "[unprintable]"; }
    }
  };
  const log = (...values) => {
    let line = "";
    for (let index = 0; index < values.length; index++) line += (index === 0 ? "" : " ") + text(values[index]);
    emit(stringify(slice(line, 0, 2000)));
  };
  globalThis.console = { log, info: log, warn: log, error: log, debug: log };
  const field = (value) => (typeof value === "string" ? slice(value, 0, 2000) : "");
  return {
    parse,
    write: (value) => stringify(value) ?? "null",
    describe: (thrown) => {
      const isError = thrown instanceof Error;
      const parts = isError ? [thrown.name, thrown.message, thrown.stack] : ["", text(thrown), ""];
      return "[" + stringify(field(parts[0])) + "," + stringify(field(parts[1])) + "," + stringify(field(parts[2])) + "]";
    },
  };
})`;
