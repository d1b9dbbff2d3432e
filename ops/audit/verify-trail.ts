import { AUDIT_EVENT_COLUMNS, type AuditEvent } from '#runtime/audit/audit-event.js';
import { digestPersonalPart, genesisHash, hashAuditEvent } from '#runtime/audit/chain-hash.js';
import { PSEUDONYMIZED, PSEUDONYMIZED_PERSON } from '#runtime/audit/pseudonymize-audit.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import type { CheckpointSigner } from './checkpoint.js';
import { type Gap, readGaps } from './trail-gaps.js';

export interface ChainPosition {
  sequence: number;
  hash: string;
}

/** The first problem of a trail. */
export interface TrailProblem {
  /** The first event that is missing or differs. */
  sequence: number;
  kind: 'missing' | 'edited' | 'replaced' | 'erased';
  message: string;
}

export interface TrailState {
  organizationId: string;
  events: number;
  /** The last verified event, or the start when there are none. */
  last: ChainPosition;
  /** Events whose personal data was erased, as the trail records. */
  erased: number;
  /** Events that were removed from between others. */
  removed: number;
  problem?: TrailProblem;
}

export interface TrailOptions {
  organizationId: string;
  /** Verifies the gaps that trimming has left. */
  signer: CheckpointSigner;
  /** Events up to this one are skipped; absent = none. */
  after?: ChainPosition;
  /** Signed hashes by event number. */
  heads?: ReadonlyMap<number, { hash: string }>;
  /** The last event to verify; absent = all, to the end of the chain. */
  upTo?: number;
}

const ROWS_AT_ONCE = 500;

async function* eventsOf(database: SqlDatabase, organizationId: string, after: number, upTo: number | null) {
  for (let last = after; ; ) {
    const events: AuditEvent[] = await database.query(
      `SELECT ${AUDIT_EVENT_COLUMNS} FROM operations.audit_event
       WHERE organization_id = $1 AND sequence > $2 AND ($3::bigint IS NULL OR sequence <= $3)
       ORDER BY sequence LIMIT ${ROWS_AT_ONCE}`,
      [organizationId, last, upTo],
    );
    const end = events.at(-1);
    if (!end) return;
    last = end.sequence;
    yield* events;
  }
}

/** Erased events that no erasure event explains yet: by person, the first event. */
class Erasures {
  readonly #open = new Map<string | null, number>();
  count = 0;

  record({ salt, actorId, sequence, action, targetType, targetId }: AuditEvent): void {
    if (action === PSEUDONYMIZED) {
      if (targetType === PSEUDONYMIZED_PERSON) this.#open.delete(targetId);
      else this.#open.clear();
    } else if (salt === null) {
      this.count += 1;
      if (!this.#open.has(actorId)) this.#open.set(actorId, sequence);
    }
  }

  firstUnexplained(): number | undefined {
    return this.#open.size > 0 ? Math.min(...this.#open.values()) : undefined;
  }
}

/** Returns the end of the gap that follows a position; the position itself when none does. */
function skipGaps(gaps: readonly Gap[], start: ChainPosition): ChainPosition {
  let end = start;
  for (const { first, last, previousHash, hash } of gaps) {
    const next = end.sequence + 1;
    // A verification may begin within a gap, at an event that was signed before it was removed.
    const follows = first === next ? previousHash === end.hash : first < next && next <= last && end === start;
    if (follows) end = { sequence: last, hash };
  }
  return end;
}

function isPersonalPartIntact(event: AuditEvent): boolean {
  const { salt, address, userAgent, before, after, personalDigest } = event;
  if (salt === null) return [address, userAgent, before, after].every((part) => part === null);
  return digestPersonalPart(event, salt) === personalDigest;
}

/** Returns the problem of an event that should follow `previous`; `isFirst` = the first to be verified. */
function problemOf(
  event: AuditEvent,
  previous: ChainPosition,
  isFirst: boolean,
  heads: TrailOptions['heads'],
): TrailProblem | undefined {
  const { sequence } = event;
  const expected = previous.sequence + 1;
  if (sequence < expected) {
    return { sequence, kind: 'edited', message: `Event ${sequence} had been removed and is there again.` };
  }
  if (sequence !== expected) {
    const missing = sequence === expected + 1 ? `Event ${expected} is` : `Events ${expected} to ${sequence - 1} are`;
    return { sequence: expected, kind: 'missing', message: `${missing} missing.` };
  }
  const isConsistent = hashAuditEvent(event) === event.hash && isPersonalPartIntact(event);
  if (!isConsistent) return { sequence, kind: 'edited', message: `Event ${sequence} is not as it was written.` };
  if (event.previousHash !== previous.hash) {
    // The event is consistent in itself: unless its predecessor is signed, that one was replaced.
    const isVouchedFor = isFirst || heads?.get(previous.sequence)?.hash === previous.hash;
    const wrong = isVouchedFor ? sequence : previous.sequence;
    return { sequence: wrong, kind: 'replaced', message: `Event ${wrong} is not the one that was written there.` };
  }
  const head = heads?.get(sequence);
  if (head && head.hash !== event.hash) {
    return { sequence, kind: 'replaced', message: `Event ${sequence} does not match its checkpoint.` };
  }
  return undefined;
}

const missingAfter = ({ sequence }: ChainPosition, known: number): TrailProblem => ({
  sequence: sequence + 1,
  kind: 'missing',
  message: known > sequence + 1 ? `Events ${sequence + 1} to ${known} are missing.` : `Event ${known} is missing.`,
});

/** Returns the problem of a trail's end, compared with its checkpoints and the chain. */
async function problemOfEnd(database: SqlDatabase, { organizationId, heads }: TrailOptions, last: ChainPosition) {
  const known = Math.max(0, ...(heads?.keys() ?? []));
  if (known > last.sequence) return missingAfter(last, known);
  const [chain] = await database.query<{ sequence: number; hash: string | null }[]>(
    'SELECT sequence::float8 AS sequence, hash FROM operations.audit_chain WHERE organization_id = $1',
    [organizationId],
  );
  const chainEnd = chain?.sequence ?? 0;
  if (chainEnd > last.sequence) return missingAfter(last, chainEnd);
  if (chainEnd === last.sequence && (chainEnd === 0 || chain?.hash === last.hash)) return undefined;
  const sequence = chainEnd < last.sequence ? chainEnd + 1 : chainEnd;
  const message = `Event ${sequence} is not the one the chain ends with.`;
  return { sequence, kind: 'replaced', message } satisfies TrailProblem;
}

/**
 * Verifies a trail in batches and returns its first problem. Needs a snapshot: concurrent events would look
 * inconsistent.
 */
export async function verifyTrail(database: SqlDatabase, options: TrailOptions): Promise<TrailState> {
  const { organizationId, signer, heads, upTo } = options;
  const gaps = await readGaps(database, signer, organizationId);
  const start = options.after ?? { sequence: 0, hash: genesisHash(organizationId) };
  const state: TrailState = { organizationId, events: 0, last: start, erased: 0, removed: 0 };
  const erasures = new Erasures();
  const skip = () => {
    const end = skipGaps(gaps, state.last);
    state.removed += end.sequence - state.last.sequence;
    state.last = end;
  };
  for await (const event of eventsOf(database, organizationId, start.sequence, upTo ?? null)) {
    if (event.sequence !== state.last.sequence + 1) skip();
    const problem = problemOf(event, state.last, state.events === 0, heads);
    if (problem) return { ...state, problem };
    erasures.record(event);
    state.events += 1;
    state.last = { sequence: event.sequence, hash: event.hash };
  }
  state.erased = erasures.count;
  if (upTo === undefined) skip();
  if (upTo !== undefined) {
    return state.last.sequence < upTo ? { ...state, problem: missingAfter(state.last, upTo) } : state;
  }
  const problem = await problemOfEnd(database, options, state.last);
  if (problem) return { ...state, problem };
  const unexplained = erasures.firstUnexplained();
  if (unexplained === undefined) return state;
  const message = `Event ${unexplained} lost its address, program or changes, and no event says that they were erased.`;
  return { ...state, problem: { sequence: unexplained, kind: 'erased', message } };
}
