/**
 * Text that grows by many small chunks. Sealed pages are never touched again, so adding a chunk copies at most
 * one page and the list of pages once per page, and a page on the screen renders once.
 */
export interface TextLog {
  readonly pages: readonly string[];
  readonly tail: string;
}

const pageChars = 4_000;

export const emptyText: TextLog = { pages: [], tail: "" };

export function appendText(log: TextLog, text: string): TextLog {
  const tail = log.tail + text;
  if (tail.length < pageChars) return { pages: log.pages, tail };
  return { pages: [...log.pages, tail], tail: "" };
}

export function wholeText(log: TextLog): string {
  return log.pages.join("") + log.tail;
}
