import type { Checkpoint, CheckpointPlace, CheckpointSigner, SignedCheckpoint } from './checkpoint.js';

/** What is vouched for of one trail. */
export interface KnownCheckpoints {
  /** Up to where it was removed for its age; undefined = it begins with its first event. */
  cut: SignedCheckpoint | undefined;
  /** What it had last at some time, by number, the lowest first. */
  heads: Map<number, SignedCheckpoint>;
  /** The last restored backup that ended it earlier than it was. */
  restored: Checkpoint | undefined;
  /** Nobody signed these with a key of ours. */
  forged: number;
  /** Their key is not configured (any more), so that they tell nothing. */
  unknown: number;
}

const textOf = ({ kind, organizationId, sequence, hash, at, kid, mac }: SignedCheckpoint) =>
  JSON.stringify([kind, organizationId, sequence, hash, at, kid, mac]);

const byTime = (one: Checkpoint, other: Checkpoint) => (one.at < other.at ? -1 : 1);

/** Reads what all places know of a trail, each checkpoint once. */
export async function findCheckpoints(
  places: CheckpointPlace[],
  signer: CheckpointSigner,
  organizationId: string,
): Promise<KnownCheckpoints> {
  const found = (await Promise.all(places.map((place) => place.of(organizationId)))).flat();
  // By all they say: a forged copy with the signature of a good one must not stand in for it.
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
      // What came after the backup is another history.
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
