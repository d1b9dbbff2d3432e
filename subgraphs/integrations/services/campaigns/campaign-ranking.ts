import { groupBy } from 'es-toolkit/array';
import { addMetrics } from '#integrations/providers/add-metrics.js';
import type { AdMetrics, CampaignRow } from '#integrations/providers/products.js';
import { Money } from '#runtime/money.js';

export interface CampaignOrder {
  field: 'NAME' | 'IMPRESSIONS' | 'CLICKS' | 'CONVERSIONS' | 'COST';
  direction?: 'ASC' | 'DESC';
}

/** A campaign with its account. */
export interface RankedCampaign {
  accountId: string;
  currency: string;
  row: CampaignRow;
}

/** A campaign with its amount as an integer. */
interface Ranked extends RankedCampaign {
  costMicros: bigint;
}

type Compare = (one: Ranked, other: Ranked) => number;

const collator = new Intl.Collator('en', { numeric: true });

const byText = (one: string, other: string) => (one === other ? 0 : one < other ? -1 : 1);

const comparisons: Record<CampaignOrder['field'], Compare> = {
  NAME: (one, other) => collator.compare(one.row.name, other.row.name),
  IMPRESSIONS: (one, other) => one.row.metrics.impressions - other.row.metrics.impressions,
  CLICKS: (one, other) => one.row.metrics.clicks - other.row.metrics.clicks,
  CONVERSIONS: (one, other) => (one.row.metrics.conversions ?? -1) - (other.row.metrics.conversions ?? -1),
  COST: (one, other) => (one.costMicros < other.costMicros ? -1 : one.costMicros > other.costMicros ? 1 : 0),
};

/** Breaks ties by name, then by account and id: a total order. */
const byName: Compare = (one, other) =>
  collator.compare(one.row.name, other.row.name) ||
  byText(one.accountId, other.accountId) ||
  byText(one.row.externalId, other.row.externalId);

/** Costs compare within a currency only: the first of each currency come first, then the second of each. */
function rank(campaigns: RankedCampaign[], { field, direction = 'DESC' }: CampaignOrder): RankedCampaign[] {
  const sign = direction === 'ASC' ? 1 : -1;
  const compare = comparisons[field];
  const sorted = (some: RankedCampaign[]) =>
    some
      .map(({ accountId, currency, row }): Ranked => {
        const costMicros = field === 'COST' ? Money.fromDecimal(row.metrics.cost, currency).toMicros() : 0n;
        return { accountId, currency, row, costMicros };
      })
      .sort((one, other) => sign * compare(one, other) || byName(one, other));
  if (field !== 'COST') return sorted(campaigns);
  const groups = Object.entries(groupBy(campaigns, ({ currency }) => currency))
    .sort(([one], [other]) => byText(one, other))
    .map(([, some]) => sorted(some));
  const longest = Math.max(0, ...groups.map(({ length }) => length));
  return Array.from({ length: longest }, (_, place) => groups.flatMap((group) => group[place] ?? [])).flat();
}

/** The campaigns of an organization in an order; what follows from it is made once and only when it is asked for. Immutable. */
export class CampaignRanking {
  readonly campaigns: readonly RankedCampaign[];
  #places: Map<string, number> | undefined;
  #byCurrency: readonly { currency: string; ranking: CampaignRanking }[] | undefined;
  #totals: AdMetrics | undefined;

  private constructor(campaigns: readonly RankedCampaign[]) {
    this.campaigns = campaigns;
  }

  static of(campaigns: RankedCampaign[], order: CampaignOrder): CampaignRanking {
    return new CampaignRanking(rank(campaigns, order));
  }

  /** Returns the place of a campaign from 0 on; undefined when it is not ranked. */
  placeOf(accountId: unknown, externalId: unknown): number | undefined {
    this.#places ??= new Map(this.campaigns.map((one, place) => [`${one.accountId} ${one.row.externalId}`, place]));
    return this.#places.get(`${accountId} ${externalId}`);
  }

  /** The campaigns of each currency in the same order, the currencies by their code. */
  get byCurrency(): readonly { currency: string; ranking: CampaignRanking }[] {
    this.#byCurrency ??= Object.entries(groupBy(this.campaigns, ({ currency }) => currency))
      .sort(([one], [other]) => byText(one, other))
      .map(([currency, some]) => ({ currency, ranking: new CampaignRanking(some) }));
    return this.#byCurrency;
  }

  /** Returns the sums of all campaigns, which are of this currency. */
  totalsIn(currency: string): AdMetrics {
    this.#totals ??= addMetrics(
      this.campaigns.map(({ row }) => row.metrics),
      currency,
    );
    return this.#totals;
  }
}
