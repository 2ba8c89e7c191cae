/**
 * Why an address or a header with values of the run in it is not sent; null when it can be. Line breaks in a header would
 * let a value write headers of its own, or a second request. Names were checked by compile.
 */
export function unsafeRequest(request: {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}): string | null {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(request.url)) {
    return "The URL holds a line break or another control character.";
  }
  for (const [name, value] of Object.entries(request.headers)) {
    if (!/^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(value)) {
      return `The value of header "${name}" holds a line break or another character that a header cannot carry.`;
    }
  }
  return null;
}
