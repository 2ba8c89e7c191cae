const LINES_MAX = 200;
const CHARACTERS_MAX = 64_000;

export interface LogLines {
  add(line: string): void;
  readonly lines: readonly string[];
}

/** Keeps the first 200 lines or 64,000 characters that the code logs, and says where it stopped. */
export function createLogLines(): LogLines {
  const lines: string[] = [];
  let characters = 0;
  let full = false;
  return {
    lines,
    add(line) {
      if (full) return;
      characters += line.length;
      full = lines.length >= LINES_MAX || characters > CHARACTERS_MAX;
      lines.push(full ? "(the lines after this one were not kept)" : line);
    },
  };
}
