/** The row of a statement that always answers with one. */
export function oneRow<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error("A statement that answers with one row answered with none.");
  return row;
}
