const words: Readonly<Record<string, string>> = {
  "role.set": "set the role of",
  "account.ban": "banned",
  "account.lift_ban": "lifted the ban of",
  "payer.plan": "set the plan of",
  "payer.limits": "set the limits of",
  "payer.shadow_limits": "set the shadow limits of",
  "payer.unblock": "unblocked",
  "member.cap": "set a member's cap in",
  "slot.free": "freed the slot of a run of",
};

/** What was done, between who did it and to whom. An action that this page does not know keeps its own name. */
export function actionWords(action: string): string {
  return words[action] ?? `did ${action} to`;
}
