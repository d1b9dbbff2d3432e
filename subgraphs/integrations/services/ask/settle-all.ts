/**
 * Resolves as `Promise.all` does, and rejects only once every promise has settled: a question that fails leaves no call of its siblings in
 * flight, which the next request would share and fail with.
 */
export async function settleAll<Promises extends readonly Promise<unknown>[]>(
  promises: readonly [...Promises],
): Promise<{ -readonly [Index in keyof Promises]: Awaited<Promises[Index]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises) as Promise<never>;
}
