/** The text, or its beginning and how much of it that is. */
export function cut(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  // Half of a surrogate pair is no text.
  const beginning = text.slice(0, charsMax).replace(/[\uD800-\uDBFF]$/, "");
  return `${beginning}\n[cut: the first ${charsMax} of ${text.length} characters]`;
}
