export interface Drain<Claim> {
  /** How many claims are worked on at the same time. */
  atOnce: number;
  /** Claims what is due next, for this process alone; undefined = nothing is due. */
  claim(): Promise<Claim | undefined>;
  work(claim: Claim): Promise<void>;
  /** Whether another claim may be made. */
  mayGoOn(): boolean;
}

/**
 * Works on what is due until nothing is, or no more may be claimed. Mostly nothing is due: more than one claim is tried only once one
 * has found something. Returns whether nothing is due any more. What has begun is finished before an error of any of them is thrown.
 */
export async function drainClaims<Claim>({ atOnce, claim, work, mayGoOn }: Drain<Claim>): Promise<boolean> {
  let isDone = false;
  const failures: unknown[] = [];
  const turns: Promise<unknown>[] = [];
  const begin = () => turns.push(takeTurn().catch((error) => failures.push(error)));
  async function takeTurn(): Promise<void> {
    while (!isDone && mayGoOn()) {
      const claimed = await claim();
      if (claimed === undefined) {
        isDone = true;
        return;
      }
      if (turns.length < atOnce) begin();
      await work(claimed);
    }
  }
  begin();
  // The list grows meanwhile.
  for (const turn of turns) await turn;
  if (failures.length > 0) throw failures[0];
  return isDone;
}
