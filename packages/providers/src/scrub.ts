const lengthMax = 300;
const keyLike = /\b(sk-[a-z0-9]+-|Bearer\s+)[A-Za-z0-9_\-.]{8,}/gi;

/** Makes a provider's own words fit to show: the key that was sent, and whatever looks like one, is taken out; long ones are cut. */
export function scrub(text: string, apiKey: string): string {
  const withoutKey = apiKey === "" ? text : text.replaceAll(apiKey, "[key]");
  const clean = withoutKey.replaceAll(keyLike, "[key]");
  return clean.length > lengthMax ? `${clean.slice(0, lengthMax)}...` : clean;
}
