import { groupBy } from 'es-toolkit/array';
import { addDays, type DayRange, dayIn, firstOf, lastOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { FigureFindingModel, FigureSourceModel } from '#integrations/models.js';
import { describeProviderById } from '#integrations/providers/index.js';
import { restatedDaysOf } from '#integrations/services/history/refresh-history.js';
import { findingValue, type Question, textOfAll } from './explained-figure.js';

const fixedZoneOf = ({ providerId }: Account) => describeProviderById(providerId).figureFacts?.timeZone ?? null;

function zoneFindings({ services }: Context, { accounts, timeZone }: Question): FigureFindingModel[] {
  const now = services.now();
  // Zones of another name may have the same days all year, but not the same rules.
  const others = accounts.filter((account) => (fixedZoneOf(account) ?? account.timeZone) !== timeZone);
  const groups = groupBy(others, (account) => `${account.providerId} ${fixedZoneOf(account) ?? account.timeZone}`);
  return Object.values(groups).flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const fixed = fixedZoneOf(first);
    const zone = fixed ?? first.timeZone;
    const { name } = describeProviderById(first.providerId);
    return [
      {
        code: fixed ? ('PROVIDER_TIME_ZONE' as const) : ('ACCOUNT_TIME_ZONE' as const),
        message: fixed
          ? `${name} counts by days in ${zone}, while periods are chosen in the organization's time zone, ${timeZone}.`
          : `Days are those of the account in ${zone}, while periods are chosen in the organization's time zone, ${timeZone}: "yesterday" at ${name} may be another day.`,
        providerId: first.providerId,
        accounts: group,
        values: [
          ...findingValue('timeZone', zone),
          ...findingValue('today', dayIn(zone, now)),
          ...findingValue('organizationToday', dayIn(timeZone, now)),
        ],
      },
    ];
  });
}

/** When copied days were read, the oldest first. */
async function readAt({ database }: Context, account: Account, { start, end }: DayRange): Promise<Date | null> {
  const [{ at }] = await database.query<[{ at: Date | null }]>(
    `SELECT min(fetched_at) AS at FROM integrations.history_day
     WHERE organization_id = $1 AND account_id = $2 AND day BETWEEN $3 AND $4`,
    [account.organizationId, account.id, start, end],
  );
  return at;
}

async function openFinding(
  context: Context,
  { metric, range, ask }: Question,
  { account, fetchedAt }: FigureSourceModel,
): Promise<FigureFindingModel[]> {
  const history = context.providers.find(account.providerId)?.history;
  if (!history) return [];
  const days = restatedDaysOf(account, history);
  const today = dayIn(account.timeZone, context.services.now());
  const open = { start: lastOf(range.start, addDays(today, -days)), end: firstOf(range.end, today) };
  if (open.end < open.start) return [];
  const figures = (await ask({ range: open }))?.filter((one) => one.account.id === account.id);
  const { name } = describeProviderById(account.providerId);
  const at = (await readAt(context, account, open)) ?? fetchedAt;
  return [
    {
      code: 'NOT_FINAL',
      message: `${name} may still add conversions to the days from ${open.start} to ${open.end}; what it shows now is read here the next night, or with refreshHistory.`,
      providerId: account.providerId,
      accounts: [account],
      values: [
        ...findingValue('from', open.start),
        ...findingValue('to', open.end),
        ...findingValue('ownFigure', figures ? textOfAll(metric, figures) : null, account.currency),
        ...findingValue('readAt', at?.toISOString()),
        ...findingValue('daysReadAgain', days),
      ],
    },
  ];
}

function incompleteFindings({ sources }: Question): FigureFindingModel[] {
  return sources.flatMap(({ account, state, code, message, fetchedAt }): FigureFindingModel[] => {
    const { name } = describeProviderById(account.providerId);
    const concerned = { providerId: account.providerId, accounts: [account] };
    if (state === 'STALE') {
      const text = `${name} cannot be asked now: figures of ${account.name} are those of an earlier answer.`;
      return [{ code: 'STALE', message: text, ...concerned, values: findingValue('readAt', fetchedAt?.toISOString()) }];
    }
    if (state !== 'MISSING') return [];
    const text = `Figures of ${account.name} at ${name} are not in, or not of all days: ${message ?? 'the reason is unknown'}`;
    return [
      {
        code: 'MISSING',
        message: text,
        ...concerned,
        values: [...findingValue('code', code), ...findingValue('reason', message)],
      },
    ];
  });
}

const MAX_OPEN = 20;

/** Explains what time zones, late conversions and missing days do to a figure. */
export async function dayFindings(context: Context, question: Question): Promise<FigureFindingModel[]> {
  const isRestated = ['CONVERSIONS', 'CONVERSION_VALUE', 'CPA', 'ROAS'].includes(question.metric);
  const open = isRestated ? question.sources.filter(({ state }) => state === 'NOT_FINAL' || state === 'STALE') : [];
  const notFinal = await Promise.all(open.slice(0, MAX_OPEN).map((source) => openFinding(context, question, source)));
  return [...incompleteFindings(question), ...zoneFindings(context, question), ...notFinal.flat()];
}
