/**
 * Cuts text into what the server calls tokens: pieces of at most eight letters with the space before them. Joined again they are
 * the text. Close enough to a real tokenizer (about four letters a token in English) for budgets and costs to look right.
 */
export function tokenize(text: string): string[] {
  return text.match(/\s*\S{1,8}|\s+$/g) ?? [];
}
