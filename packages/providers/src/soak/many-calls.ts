/** Makes calls `0` to `count - 1`, so many at a time, and returns what they answer in order. Fails with the first that fails. */
export async function manyCalls<T>(
  count: number,
  atATime: number,
  call: (index: number) => Promise<T>,
): Promise<T[]> {
  const answers: T[] = [];
  let next = 0;
  const work = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      answers[index] = await call(index);
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return answers;
}
