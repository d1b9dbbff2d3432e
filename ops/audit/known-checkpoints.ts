import type { Checkpoint, CheckpointSigner, CheckpointStore, SignedCheckpoint } from './checkpoint.js';

/** The valid checkpoints of one trail. */
export interface KnownCheckpoints {
  /** The end of the removed events; undefined = the trail begins with its first event. */
  cut: SignedCheckpoint | undefined;
  /** By event number, ascending. */
  heads: Map<number, SignedCheckpoint>;
  restored: Checkpoint | undefined;
  forged: number;
  /** Signed with a key that is not configured. */
  unknown: number;
}

const textOf = ({ kind, organizationId, sequence, hash, at, kid, mac }: SignedCheckpoint) =>
  JSON.stringify([kind, organizationId, sequence, hash, at, kid, mac]);

const byTime = (one: Checkpoint, other: Checkpoint) => (one.at < other.at ? -1 : 1);

/** Reads the checkpoints of a trail from all stores, each once. */
export async function findCheckpoints(
  stores: CheckpointStore[],
  signer: CheckpointSigner,
  organizationId: string,
): Promise<KnownCheckpoints> {
  const found = (await Promise.all(stores.map((store) => store.of(organizationId)))).flat();
  // By all fields: a forged copy with a valid signature must not replace the original.
  const distinct = [...new Map(found.map((checkpoint) => [textOf(checkpoint), checkpoint])).values()];
  const known: KnownCheckpoints = { cut: undefined, heads: new Map(), restored: undefined, forged: 0, unknown: 0 };
  const good: SignedCheckpoint[] = [];
  for (const checkpoint of distinct) {
    const verdict = checkpoint.organizationId === organizationId ? signer.judge(checkpoint) : 'forged';
    if (verdict === 'good') good.push(checkpoint);
    else known[verdict] += 1;
  }
  let heads: SignedCheckpoint[] = [];
  for (const checkpoint of good.sort(byTime)) {
    if (checkpoint.kind === 'restored') {
      // Events after the backup belong to another history.
      heads = heads.filter(({ sequence }) => sequence <= checkpoint.sequence);
      if (known.cut && known.cut.sequence > checkpoint.sequence) known.cut = undefined;
      known.restored = checkpoint;
    } else if (checkpoint.kind === 'head') heads.push(checkpoint);
    else if (!known.cut || checkpoint.sequence >= known.cut.sequence) known.cut = checkpoint;
  }
  const { sequence: start = 0 } = known.cut ?? {};
  const ordered = heads.filter(({ sequence }) => sequence > start).sort((one, other) => one.sequence - other.sequence);
  known.heads = new Map(ordered.map((head) => [head.sequence, head]));
  return known;
}

/** Returns the last head of a trail, if any. */
export function lastHead({ heads }: KnownCheckpoints): SignedCheckpoint | undefined {
  return [...heads.values()].at(-1);
}
