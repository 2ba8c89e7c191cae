/** What started a run, in a word. */
const triggers: Readonly<Record<string, string>> = {
  manual: "Editor",
  api: "API",
  schedule: "Schedule",
  webhook: "Webhook",
  resume: "Resume",
};

export function triggerLabel(profile: string): string {
  return triggers[profile] ?? profile;
}

export function versionLabel(number: number | null): string {
  return number === null ? "Draft" : `v${number}`;
}
