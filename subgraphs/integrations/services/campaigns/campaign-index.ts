import { groupBy } from 'es-toolkit/array';
import type { CampaignRow, UnreadableRow } from '#integrations/providers/products.js';

type Position = Pick<CampaignRow, 'name' | 'externalId'>;

const collator = new Intl.Collator('en', { numeric: true });

/** By name in natural order, then by id: a total order. */
export function compareByName(one: Position, other: Position): number {
  if (one.externalId === other.externalId) return 0;
  return collator.compare(one.name, other.name) || (one.externalId < other.externalId ? -1 : 1);
}

/** The campaigns of an account over a range by id and by name, each order made once and only when it is asked for. */
export class CampaignIndex {
  readonly #found: readonly CampaignRow[];
  readonly #unreadable: readonly UnreadableRow[];
  #byId: Map<string, CampaignRow> | undefined;
  #byName: readonly CampaignRow[] | undefined;
  #unreadableById: Record<string, UnreadableRow[]> | undefined;

  constructor(found: readonly CampaignRow[], unreadable: readonly UnreadableRow[]) {
    this.#found = found;
    this.#unreadable = unreadable;
  }

  find(externalId: string): CampaignRow | undefined {
    this.#byId ??= new Map(this.#found.map((row) => [row.externalId, row]));
    return this.#byId.get(externalId);
  }

  /** Returns the row of a campaign that is left out; of several the first. */
  findUnreadable(externalId: string): UnreadableRow | undefined {
    if (this.#unreadable.length === 0) return undefined;
    this.#unreadableById ??= groupBy(this.#unreadable, ({ row }) => row);
    return this.#unreadableById[externalId]?.[0];
  }

  /** In the order of `compareByName`. */
  get byName(): readonly CampaignRow[] {
    this.#byName ??= this.#found.toSorted(compareByName);
    return this.#byName;
  }
}
