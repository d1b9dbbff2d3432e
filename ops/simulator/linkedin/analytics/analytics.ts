import { dayIn } from '#simulator/data/calendar.js';
import { addFigures, type Figures, figuresOfRange } from '#simulator/data/daily-figures.js';
import { linkedinAccounts } from '#simulator/data/linkedin-accounts.js';
import { accessDenied } from '#simulator/linkedin/linkedin-error.js';
import { revokeAfterConnect } from '#simulator/linkedin/oauth/authenticate.js';
import { canReadFigures } from '#simulator/linkedin/oauth/scopes.js';
import { checkKind, type RestCall } from '#simulator/linkedin/rest-call.js';
import { type AnalyticsElement, printElement } from './analytics-fields.js';
import {
  type AnalyticsRequest,
  type DayRange,
  type Measured,
  type Pivot,
  readAnalyticsRequest,
} from './analytics-request.js';

/**
 * Answers GET /adAnalytics, without paging: long answers are cut off silently. Campaigns without access or impressions
 * have no element.
 */
export function answerAnalytics(call: RestCall): unknown {
  checkKind(call, 'finder');
  if (!canReadFigures(call.caller.token.scopes)) throw accessDenied('GET', '/adAnalytics');
  const requested = readAnalyticsRequest(call);
  revokeAfterConnect(call.caller, call.world);
  const today = dayIn('UTC', call.world.clock.now());
  const measured = measuredBy(requested, call.caller.person.id);
  for (const { account } of measured) call.request.accounts.add(account.id);
  const elements = elementsOf(measured, requested, today, call.world.settings.linkedinMaxElements);
  return {
    paging: { start: 0, count: 10, links: [] },
    elements: elements.map((element) => printElement(element, requested.fields)),
  };
}

function measuredBy({ facets }: AnalyticsRequest, person: string): Measured[] {
  const within = (ids: ReadonlySet<string> | undefined, id: string) => ids?.has(id) ?? true;
  return linkedinAccounts
    .filter(
      ({ id, organization, people }) =>
        people.includes(person) && within(facets.accounts, id) && within(facets.companies, organization),
    )
    .flatMap((account) =>
      account.groups
        .filter(({ id }) => within(facets.campaignGroups, id))
        .flatMap((group) => group.campaigns.map((campaign) => ({ account, group, campaign }))),
    )
    .filter(({ campaign }) => within(facets.campaigns, campaign.id));
}

function elementsOf(
  measured: readonly Measured[],
  { pivots, ranges }: AnalyticsRequest,
  today: number,
  most: number,
): AnalyticsElement[] {
  const least = Math.max(1, ...pivots.map((pivot) => ('split' in pivot ? pivot.leastImpressions : 1)));
  const elements: AnalyticsElement[] = [];
  for (const range of ranges) {
    for (const [key, parts] of groupBy(measured, pivots, { first: range.first, last: Math.min(range.last, today) })) {
      if (elements.length === most) return elements;
      const element = elementOf(key.split(' '), parts, range);
      if (element.figures.impressions >= least) elements.push(element);
    }
  }
  return elements;
}

type Part = Measured & { figures: Figures };

function groupBy(
  measured: readonly Measured[],
  pivots: readonly Pivot[],
  { first, last }: DayRange,
): Map<string, Part[]> {
  const splitting = pivots.find((pivot) => 'split' in pivot);
  const groups = new Map<string, Part[]>();
  for (const one of measured) {
    const parts = splitting
      ? splitting.split(one, first, last)
      : [{ value: '', figures: figuresOfRange(one.campaign, first, last) }];
    for (const { value, figures } of parts) {
      const key = pivots.map((pivot) => ('split' in pivot ? value : pivot.of(one))).join(' ');
      const members = groups.get(key);
      if (members) members.push({ ...one, figures });
      else groups.set(key, [{ ...one, figures }]);
    }
  }
  return groups;
}

function elementOf(pivotValues: string[], parts: readonly Part[], range: DayRange): AnalyticsElement {
  const leads = parts.filter(({ campaign }) => campaign.kind === 'LEAD_GENERATION');
  const [first] = parts;
  return {
    ...range,
    pivotValues,
    figures: addFigures(parts.map(({ figures }) => figures)),
    leads: addFigures(leads.map(({ figures }) => figures)).orders,
    currency: first?.account ?? { currency: 'USD', digits: 2 },
  };
}
