import { AUDIT_EVENT_COLUMNS, type AuditEvent } from '#runtime/audit/audit-event.js';
import { digestPersonalPart, genesisHash, hashAuditEvent } from '#runtime/audit/chain-hash.js';
import { PSEUDONYMIZED, PSEUDONYMIZED_PERSON } from '#runtime/audit/pseudonymize-audit.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';

/** An event, by its number and hash. */
export interface Place {
  sequence: number;
  hash: string;
}

/** What is wrong with a trail, first of all. */
export interface TrailProblem {
  /** The first event that is not as it was written. */
  sequence: number;
  kind: 'missing' | 'edited' | 'replaced' | 'erased';
  message: string;
}

/** What was found of a trail. */
export interface TrailState {
  organizationId: string;
  /** How many events were looked at. */
  events: number;
  /** The last of them, or what it began after when there are none. */
  last: Place;
  /** Events whose personal part was erased and that the trail itself says so of. */
  erased: number;
  problem?: TrailProblem;
}

export interface TrailOptions {
  organizationId: string;
  /** What it continues: everything up to this one is not looked at. Absent = the beginning. */
  after?: Place;
  /** Hashes that events are known to have, by number. */
  heads?: ReadonlyMap<number, { hash: string }>;
  /** The last event to look at. Absent = all there are, and that none is missing behind them. */
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

/** Erased events that still need an event that says who erased them, by person, each with the first of theirs. */
class Erasures {
  readonly #open = new Map<string | null, number>();
  count = 0;

  note({ salt, actorId, sequence, action, targetType, targetId }: AuditEvent): void {
    if (action === PSEUDONYMIZED) {
      if (targetType === PSEUDONYMIZED_PERSON) this.#open.delete(targetId);
      else this.#open.clear();
    } else if (salt === null) {
      this.count += 1;
      if (!this.#open.has(actorId)) this.#open.set(actorId, sequence);
    }
  }

  /** The first event that nobody says to have erased. */
  firstUnexplained(): number | undefined {
    return this.#open.size > 0 ? Math.min(...this.#open.values()) : undefined;
  }
}

function isPersonalPartRight(event: AuditEvent): boolean {
  const { salt, address, userAgent, before, after, personalDigest } = event;
  if (salt === null) return [address, userAgent, before, after].every((part) => part === null);
  return digestPersonalPart(event, salt) === personalDigest;
}

/** Returns what is wrong with an event where `previous` should be the one before it; `isFirst` = of those looked at. */
function problemOf(
  event: AuditEvent,
  previous: Place,
  isFirst: boolean,
  heads: TrailOptions['heads'],
): TrailProblem | undefined {
  const { sequence } = event;
  const expected = previous.sequence + 1;
  if (sequence !== expected) {
    const missing = sequence === expected + 1 ? `Event ${expected} is` : `Events ${expected} to ${sequence - 1} are`;
    return { sequence: expected, kind: 'missing', message: `${missing} missing.` };
  }
  const isConsistent = hashAuditEvent(event) === event.hash && isPersonalPartRight(event);
  if (!isConsistent) return { sequence, kind: 'edited', message: `Event ${sequence} is not as it was written.` };
  if (event.previousHash !== previous.hash) {
    // It is whole in itself, so what it continued is what was exchanged, unless that is vouched for.
    const isVouchedFor = isFirst || heads?.get(previous.sequence)?.hash === previous.hash;
    const wrong = isVouchedFor ? sequence : previous.sequence;
    return { sequence: wrong, kind: 'replaced', message: `Event ${wrong} is not the one that was written there.` };
  }
  const head = heads?.get(sequence);
  if (head && head.hash !== event.hash) {
    return { sequence, kind: 'replaced', message: `Event ${sequence} is not the one its checkpoint tells of.` };
  }
  return undefined;
}

const missingAfter = ({ sequence }: Place, known: number): TrailProblem => ({
  sequence: sequence + 1,
  kind: 'missing',
  message: known > sequence + 1 ? `Events ${sequence + 1} to ${known} are missing.` : `Event ${known} is missing.`,
});

/** Returns what is wrong with the end of a trail: less than a checkpoint or the chain itself tells of, or something else. */
async function problemOfEnd(database: SqlDatabase, { organizationId, heads }: TrailOptions, last: Place) {
  const known = Math.max(0, ...(heads?.keys() ?? []));
  if (known > last.sequence) return missingAfter(last, known);
  const [chain] = await database.query<{ sequence: number; hash: string | null }[]>(
    'SELECT sequence::float8 AS sequence, hash FROM operations.audit_chain WHERE organization_id = $1',
    [organizationId],
  );
  const told = chain?.sequence ?? 0;
  if (told > last.sequence) return missingAfter(last, told);
  if (told === last.sequence && (told === 0 || chain?.hash === last.hash)) return undefined;
  const sequence = told < last.sequence ? told + 1 : told;
  const message = `Event ${sequence} is not the one the chain ends with.`;
  return { sequence, kind: 'replaced', message } satisfies TrailProblem;
}

/**
 * Goes through a trail, some hundred events at a time, and returns the first thing that is wrong with it. Call it in one
 * snapshot of the database: what is added meanwhile would look like a contradiction.
 */
export async function verifyTrail(database: SqlDatabase, options: TrailOptions): Promise<TrailState> {
  const { organizationId, heads, upTo } = options;
  const start = options.after ?? { sequence: 0, hash: genesisHash(organizationId) };
  const state: TrailState = { organizationId, events: 0, last: start, erased: 0 };
  const erasures = new Erasures();
  for await (const event of eventsOf(database, organizationId, start.sequence, upTo ?? null)) {
    const problem = problemOf(event, state.last, state.events === 0, heads);
    if (problem) return { ...state, problem };
    erasures.note(event);
    state.events += 1;
    state.last = { sequence: event.sequence, hash: event.hash };
  }
  state.erased = erasures.count;
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
