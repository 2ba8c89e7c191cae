/** The store's answer, or an error when it takes longer. The answer that comes too late is dropped. */
export async function within<T>(timeoutMs: number, answer: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer about ${what} within ${timeoutMs} ms.`)), timeoutMs);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
