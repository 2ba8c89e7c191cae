import { formatMoney, plural } from "../ui/format.ts";

export interface LimitOrigin {
  /** A `LimitSource`; a stored decision may be older and name none. */
  readonly source: string | null;
  readonly plan: string | null;
  readonly seats: { readonly count: number; readonly eachMicros: number } | null;
}

/** Where a limit comes from, to be said behind it: "from the pro plan". Null when that is not known. */
export function limitSource({ source, plan, seats }: LimitOrigin): string | null {
  switch (source) {
    case "plan":
      return plan === null ? null : `from the ${plan} plan`;
    case "organization_plan":
      return plan === null ? null : `from the ${plan} plan of an organization`;
    case "seats":
      return seats === null
        ? "from the seats"
        : `${plural(seats.count, "seat")} × ${formatMoney(seats.eachMicros)}`;
    case "operator":
      return "set by an operator for this account";
    case "billing_off":
      return "billing is off";
    case null:
    default:
      return null;
  }
}
