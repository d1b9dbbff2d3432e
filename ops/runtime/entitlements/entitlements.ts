import { LRUCache } from 'lru-cache';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import { type Access, CLOSED, type Entitlement, type Kept, standingAt, trialFrom } from './entitlement.js';
import { FREE_PLAN, LARGEST_PLAN, type LimitName, limitOf } from './plans.js';

/** After so long a change is seen by every process. */
export const ENTITLEMENT_CACHE_MS = 10_000;
const MAX_CACHED = 20_000;

interface Row {
  planId: string;
  access: Access;
  nextAt: Date | null;
  nextPlanId: string | null;
  nextAccess: Access | null;
  kept: Kept;
}

const SELECT = `
  SELECT plan_id AS "planId", access, next_at AS "nextAt", next_plan_id AS "nextPlanId", next_access AS "nextAccess", kept
  FROM operations.entitlement WHERE organization_id = $1`;

const UPSERT = `
  INSERT INTO operations.entitlement (organization_id, plan_id, access, next_at, next_plan_id, next_access, kept, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (organization_id) DO UPDATE SET plan_id = $2, access = $3, next_at = $4, next_plan_id = $5, next_access = $6,
    updated_at = $8`;

/** Reads an entitlement as it is stored; undefined where nothing is known of the organization. */
export async function readEntitlement(
  database: SqlDatabase,
  { organizationId }: { organizationId: string },
): Promise<Entitlement | undefined> {
  const [row] = await database.query<Row[]>(SELECT, [organizationId]);
  if (!row) return undefined;
  const { planId, access, nextAt, nextPlanId, nextAccess, kept } = row;
  const next = nextAt && nextPlanId && nextAccess ? { at: nextAt, planId: nextPlanId, access: nextAccess } : null;
  return { organizationId, planId, access, next, kept };
}

/**
 * Stores an entitlement, in the transaction of what changed it. It takes effect everywhere within ten seconds. What an owner has chosen
 * to keep stays (`keepInUse`).
 */
export async function publishEntitlement(
  manager: SqlDatabase,
  { organizationId, planId, access, next, kept }: Entitlement,
  now: Date,
): Promise<void> {
  const due = [next?.at ?? null, next?.planId ?? null, next?.access ?? null];
  await manager.query(UPSERT, [organizationId, planId, access, ...due, JSON.stringify(kept), now]);
}

/** Begins the trial of a new organization, in the transaction that creates it. */
export async function beginTrial(
  manager: SqlDatabase,
  { organizationId, now }: { organizationId: string; now: Date },
): Promise<void> {
  await publishEntitlement(manager, trialFrom(organizationId, now), now);
}

/** Begins an organization without a trial, on the plan Free, in the transaction that creates it. */
export async function beginFree(
  manager: SqlDatabase,
  { organizationId, now }: { organizationId: string; now: Date },
): Promise<void> {
  await publishEntitlement(manager, { organizationId, planId: FREE_PLAN, access: 'FULL', next: null, kept: {} }, now);
}

/** What an organization may use now. */
export interface CurrentEntitlement {
  planId: string;
  access: Access;
  kept: Kept;
}

export interface EntitlementsOptions {
  operations: SqlDatabase;
  now(): Date;
  /** false = the installation sells nothing: every organization has the largest plan. A function is asked every ten seconds. */
  isSold: boolean | (() => Promise<boolean>);
}

/** What organizations may use, cached for ten seconds. */
export class Entitlements {
  readonly #options: EntitlementsOptions;
  readonly #cached: LRUCache<string, { stored: Entitlement | undefined }>;
  #isSold: boolean;
  #isSoldUntil = 0;

  constructor(options: EntitlementsOptions) {
    this.#options = options;
    this.#isSold = options.isSold === true;
    this.#cached = new LRUCache({ max: MAX_CACHED, ttl: ENTITLEMENT_CACHE_MS, fetchMethod: (id) => this.#read(id) });
  }

  async #read(organizationId: string): Promise<{ stored: Entitlement | undefined }> {
    return { stored: await readEntitlement(this.#options.operations, { organizationId }) };
  }

  /** Whether organizations have plans, as last read; else each has the largest. */
  get isSold(): boolean {
    return this.#isSold;
  }

  /** Reads anew whether organizations have plans, at most every ten seconds. */
  async refresh(): Promise<void> {
    const { isSold } = this.#options;
    if (typeof isSold === 'boolean' || performance.now() < this.#isSoldUntil) return;
    this.#isSold = await isSold();
    this.#isSoldUntil = performance.now() + ENTITLEMENT_CACHE_MS;
  }

  /** Returns what an organization may use now; that it can only read, where nothing is known of it. */
  async of(organizationId: string): Promise<CurrentEntitlement> {
    await this.refresh();
    if (!this.#isSold) return { planId: LARGEST_PLAN, access: 'FULL', kept: {} };
    // The cache discards a read that `forget` overtakes.
    const read = () => this.#cached.fetch(organizationId).catch(() => this.#read(organizationId));
    const stored = (this.#cached.get(organizationId) ?? (await read()))?.stored;
    return stored ? { ...standingAt(stored, this.#options.now()), kept: stored.kept } : { ...CLOSED, kept: {} };
  }

  /** Returns a limit of an organization now; null = unlimited. */
  async limit(organizationId: string, name: LimitName): Promise<number | null> {
    const { planId } = await this.of(organizationId);
    return limitOf(planId, name);
  }

  /** Has the entitlement read anew, after a change in this process. */
  forget(organizationId: string): void {
    this.#cached.delete(organizationId);
  }
}
