export type CostLimit =
  | { readonly kind: "none" }
  | { readonly kind: "limit"; readonly micros: number }
  | { readonly kind: "problem"; readonly message: string };

const amount = /^\$?\s*(\d*)(?:\.(\d*))?$/;

/** Dollars as people type them, to micro-dollars: `0.25`, `$3`, `.5`. Empty: no limit. */
export function parseCostLimit(text: string): CostLimit {
  const typed = text.trim();
  if (typed === "") return { kind: "none" };
  const [, whole = "", part = ""] = amount.exec(typed) ?? [];
  if (whole === "" && part === "") return problem("Enter dollars, such as 0.25.");
  if (part.length > 6) return problem("Enter at most six decimals.");
  const micros = Number(whole) * 1_000_000 + Number(part.padEnd(6, "0"));
  if (micros === 0) return problem("Enter more than $0.");
  return Number.isSafeInteger(micros) ? { kind: "limit", micros } : problem("Enter a smaller amount.");
}

function problem(message: string): CostLimit {
  return { kind: "problem", message };
}
