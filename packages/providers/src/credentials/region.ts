const regionPattern = /^[a-z]{2}(-[a-z]+){1,3}-\d{1,2}$/;
const regionCharactersMax = 40;

/**
 * Whether a text is shaped like a region of AWS, such as `us-east-1`. A region becomes part of the name of the host that a
 * signed request is sent to, so it is judged where a key is stored, where it is read and where it is used:
 * `x@evil.example/` for a region would send the request there.
 */
export function isRegion(text: string): boolean {
  return text.length <= regionCharactersMax && regionPattern.test(text);
}
