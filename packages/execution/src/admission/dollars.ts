/** `$0.04`, `$0.0052`: micro-dollars in a sentence, to the last digit. */
export function dollars(micros: number): string {
  return `$${(micros / 1_000_000).toFixed(6).replace(/0{1,4}$/, "")}`;
}
