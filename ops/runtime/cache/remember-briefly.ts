/** Returns `read` with a cache: concurrent calls share one read, and its result is kept for `ttlMs`. */
export function rememberBriefly<T>(read: () => Promise<T>, ttlMs: number): () => Promise<T> {
  let current: { answer: Promise<T>; until: number } | undefined;
  return () => {
    if (current && Date.now() < current.until) return current.answer;
    const entry = { answer: read(), until: Number.POSITIVE_INFINITY };
    current = entry;
    entry.answer.then(
      () => {
        entry.until = Date.now() + ttlMs;
      },
      () => {
        entry.until = 0;
      },
    );
    return entry.answer;
  };
}
