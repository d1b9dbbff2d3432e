/** Returns `read` with a memory: within `ttlMs` of an answer, and while one is on its way, nothing is read again. */
export function rememberBriefly<T>(read: () => Promise<T>, ttlMs: number): () => Promise<T> {
  let current: { answer: Promise<T>; until: number } | undefined;
  return () => {
    if (current && Date.now() < current.until) return current.answer;
    const asked = { answer: read(), until: Number.POSITIVE_INFINITY };
    current = asked;
    asked.answer.then(
      () => {
        asked.until = Date.now() + ttlMs;
      },
      () => {
        asked.until = 0;
      },
    );
    return asked.answer;
  };
}
