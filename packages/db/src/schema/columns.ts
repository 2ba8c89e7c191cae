import { bigint, timestamp } from "drizzle-orm/pg-core";

/** An instant with time zone, read as a `Date`. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** Integer micro-dollars. A JavaScript number holds them exactly up to 9 billion dollars. */
export const micros = (name: string) => bigint(name, { mode: "number" });
