import { randomUUID } from 'node:crypto';
import type { RateLimit } from '#runtime/cache/rate-limit.js';
import { AppError, Conflict, RateLimited } from '#runtime/errors.js';
import type { JobDefinition } from '#runtime/jobs/job-definition.js';
import type { RecordedEffect } from '#runtime/scope/scope.js';
import type { Sealer } from '#runtime/sealing/crypto.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';

/** A request with an idempotency key. */
export interface KeyedRequest {
  /** The user or API key, and its organization: keys of two callers are two keys. */
  caller: string;
  /** Whose allowance it uses: the user, or all API keys of an organization, which would else multiply it. */
  account: string;
  organizationId: string | undefined;
  key: string;
  /** A hash of the request. */
  request: string;
}

/** A request that is run for the first time. */
export interface Attempt {
  /** To be recorded by each of its transactions. */
  effect: RecordedEffect;
  /** Stores its answer, as text. */
  finish(answer: string): Promise<void>;
  /** Frees the key of a request that changed nothing. */
  release(): Promise<void>;
  /** Frees the key of a request that failed, unless one of its transactions was committed. */
  fail(): Promise<void>;
}

/** The requests of the last day that had a key. */
export interface IdempotencyKeys {
  /**
   * Claims a key for a request, or returns the answer to an earlier one. Throws Conflict while that one runs and when its
   * answer was lost, IDEMPOTENCY_KEY_REUSED when it was another request, and RateLimited.
   */
  begin(request: KeyedRequest): Promise<Attempt | { answer: string }>;
}

const KEPT_MS = 24 * 60 * 60 * 1000;
/** How long a process that may have been killed is waited for. */
const LEASE_MS = 60_000;
const RETRY_SECONDS = 2;
/** Longer answers are not stored: they are asked for again. */
const MAX_ANSWER_LENGTH = 64 * 1024;

/** How many keys an account may use in a day, so that what is stored is bounded, and no member uses up those of others. */
export const KEYS_PER_DAY = { name: 'idempotency-keys', points: 10_000, windowSeconds: KEPT_MS / 1000 };

// Taken over: what is older than a day, and what a killed process left without an effect.
const CLAIM = `
  INSERT INTO operations.idempotency_key AS kept (id, organization_id, caller, key, request, leased_until, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (caller, key) DO UPDATE SET id = excluded.id, request = excluded.request, answer = NULL, effect_at = NULL,
    leased_until = excluded.leased_until, created_at = excluded.created_at
  WHERE kept.created_at <= $8 OR (kept.answer IS NULL AND kept.effect_at IS NULL AND kept.leased_until <= $7)
  RETURNING id`;
const READ = `
  SELECT id, request, answer, leased_until AS "leasedUntil"
  FROM operations.idempotency_key WHERE caller = $1 AND key = $2`;
const RECORD = 'UPDATE operations.idempotency_key SET effect_at = now() WHERE id = $1 RETURNING id';
const FINISH = 'UPDATE operations.idempotency_key SET answer = $2 WHERE id = $1';
const RELEASE = 'DELETE FROM operations.idempotency_key WHERE id = $1';
const FAIL = 'DELETE FROM operations.idempotency_key WHERE id = $1 AND effect_at IS NULL';
const END_LEASE = 'UPDATE operations.idempotency_key SET leased_until = $2 WHERE id = $1';

interface Kept {
  id: string;
  request: string;
  answer: string | null;
  leasedUntil: Date;
}

export interface IdempotencyKeysOptions {
  /** The schema `operations`. */
  operations: SqlDatabase;
  /** Seals answers, which may contain secrets. */
  sealer: Sealer;
  /** Of the keys an account uses. */
  limit: RateLimit;
  now(): Date;
}

/** Returns the idempotency keys, which all processes share in PostgreSQL. */
export function createIdempotencyKeys({ operations, sealer, limit, now }: IdempotencyKeysOptions): IdempotencyKeys {
  /** undefined = sealed with a key that was retired. */
  const open = (sealed: string, id: string): string | undefined => {
    try {
      return sealer.open(sealed, id);
    } catch {
      return undefined;
    }
  };

  function attempt(id: string): Attempt {
    let isOver = false;
    const end = async (statement: string, values: unknown[] = []) => {
      isOver = true;
      await operations.query(statement, [id, ...values]);
    };
    return {
      effect: {
        record: async (transaction) => {
          // Of work that goes on after the answer.
          if (isOver) return;
          const [rows] = (await transaction.query(RECORD, [id])) as [unknown[], number];
          if (rows.length > 0) return;
          throw new Conflict('Another request with the same Idempotency-Key took this one over.');
        },
      },
      finish: (answer) =>
        answer.length > MAX_ANSWER_LENGTH ? end(END_LEASE, [now()]) : end(FINISH, [sealer.seal(answer, id)]),
      release: () => end(RELEASE),
      fail: async () => {
        await end(FAIL);
        await end(END_LEASE, [now()]);
      },
    };
  }

  function answerOf({ id, request, answer, leasedUntil }: Kept, wanted: string): string {
    const known = open(request, id);
    if (known !== undefined && known !== wanted) {
      throw new AppError(
        'This Idempotency-Key was used for another request, or with other rights: use a new key for each request.',
        'IDEMPOTENCY_KEY_REUSED',
      );
    }
    const opened = known !== undefined && answer !== null ? open(answer, id) : undefined;
    if (opened !== undefined) return opened;
    if (answer === null && leasedUntil > now()) {
      throw new Conflict('The first request with this Idempotency-Key is still running.', {
        retryAfter: RETRY_SECONDS,
      });
    }
    throw new Conflict(
      'The first request with this Idempotency-Key took effect, at least in part, and its answer is not available: read ' +
        'what is there.',
    );
  }

  return {
    begin: async ({ caller, account, organizationId, key, request }) => {
      const { isAllowed, resetSeconds } = await limit.count(account);
      if (!isAllowed) {
        throw new RateLimited(`${limit.points} idempotency keys a day are allowed.`, resetSeconds);
      }
      for (;;) {
        const id = randomUUID();
        const at = now();
        const leasedUntil = new Date(at.getTime() + LEASE_MS);
        const before = new Date(at.getTime() - KEPT_MS);
        const values = [id, organizationId ?? null, caller, key, sealer.seal(request, id), leasedUntil, at, before];
        const claimed = await operations.query<unknown[]>(CLAIM, values);
        if (claimed.length > 0) return attempt(id);
        const [kept] = await operations.query<Kept[]>(READ, [caller, key]);
        // Released meanwhile: claimed again.
        if (kept) return { answer: answerOf(kept, request) };
      }
    },
  };
}

/** Returns the job that deletes keys after a day. */
export function trimIdempotencyKeysJob(operations: SqlDatabase, now: () => Date): JobDefinition {
  return {
    name: 'operations.trim-idempotency-keys',
    schedule: '1 hour',
    run: async () => {
      const before = new Date(now().getTime() - KEPT_MS);
      await operations.query('DELETE FROM operations.idempotency_key WHERE created_at <= $1', [before]);
    },
  };
}
