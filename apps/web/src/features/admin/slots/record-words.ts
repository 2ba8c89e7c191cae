export interface RefusalRecordCounts {
  readonly queued: number;
  readonly written: number;
  readonly dropped: number;
}

/** Refused runs are recorded off the path, by a writer that drops records rather than hold up a refusal. */
export function recordWords(
  { queued, written, dropped }: RefusalRecordCounts,
  count: (value: number) => string,
): string {
  const waiting = queued === 0 ? "" : ` ${count(queued)} wait to be written.`;
  const lost =
    dropped === 0
      ? "None was dropped."
      : `${count(dropped)} were dropped, because more came than could be written.`;
  return `Refused runs recorded by this process since it started: ${count(written)}.${waiting} ${lost}`;
}
