/**
 * Cuts text into what the server calls tokens: pieces of at most eight letters with the space before them. Joined
 * again they are the text. Close enough to a real tokenizer (about four letters a token in English) for budgets and
 * costs to look right.
 */
export function tokenize(text: string): string[] {
  return text.match(/\s*\S{1,8}|\s+$/g) ?? [];
}

/** What an answer goes on with when it is to be longer than it is. */
export const filler: readonly string[] = tokenize(
  " It keeps talking so that you can watch a long answer arrive, one word after the other, as it would from a real model.",
);
