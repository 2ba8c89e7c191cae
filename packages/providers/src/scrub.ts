const lengthMax = 300;
const keyLike = /\b(sk-[a-z0-9]+-|gsk_|csk-|AIza|Bearer\s+)[A-Za-z0-9_\-.]{8,}/gi;

/** Makes a provider's own words fit to show: the secrets that were sent, and whatever looks like one, are taken out; long ones are cut. */
export function scrub(text: string, secrets: readonly string[]): string {
  const withoutSecrets = secrets
    .filter((secret) => secret !== "")
    .reduce((clean, secret) => clean.replaceAll(secret, "[key]"), text);
  const clean = withoutSecrets.replaceAll(keyLike, "[key]");
  return clean.length > lengthMax ? `${clean.slice(0, lengthMax)}...` : clean;
}
