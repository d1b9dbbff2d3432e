import { groupBy } from 'es-toolkit/array';
import { addDays, type DayRange, dayIn, firstOf, lastOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { FigureFindingModel, FigureSourceModel } from '#integrations/models.js';
import { describeProviderById } from '#integrations/providers/index.js';
import { restatedDaysOf } from '#integrations/services/history/refresh-history.js';
import { type FigureQuestion, findingValue } from './explained-figure.js';

const zoneAt = ({ providerId }: Account) => describeProviderById(providerId).figureFacts?.timeZone;

const fixedZoneOf = (account: Account) => zoneAt(account) ?? null;

function zoneFindings({ services }: Context, { accounts, timeZone }: FigureQuestion): FigureFindingModel[] {
  const now = services.now();
  // Zones of another name may have the same days all year, but not the same rules.
  const others = accounts.filter(
    (account) => zoneAt(account) !== undefined && (fixedZoneOf(account) ?? account.timeZone) !== timeZone,
  );
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
  { range, ownTextOf }: FigureQuestion,
  { account, fetchedAt, finalThrough }: FigureSourceModel,
): Promise<FigureFindingModel[]> {
  const history = context.providers.find(account.providerId)?.history;
  if (!history) return [];
  const days = restatedDaysOf(account, history);
  const today = dayIn(account.timeZone, context.services.now());
  const first = finalThrough ? addDays(finalThrough, 1) : addDays(today, -days);
  const open = { start: lastOf(range.start, first), end: firstOf(range.end, today) };
  if (open.end < open.start) return [];
  const { name } = describeProviderById(account.providerId);
  const at = (await readAt(context, account, open)) ?? fetchedAt;
  return [
    {
      code: 'NOT_FINAL',
      message: `${name} may still change figures of the days from ${open.start} to ${open.end}; what it shows now is read here the next night, or with refreshHistory.`,
      providerId: account.providerId,
      accounts: [account],
      values: [
        ...findingValue('from', open.start),
        ...findingValue('to', open.end),
        ...findingValue('ownFigure', await ownTextOf(account, open), account.currency),
        ...findingValue('readAt', at?.toISOString()),
        ...findingValue('daysReadAgain', days),
      ],
    },
  ];
}

function incompleteFindings({ sources }: FigureQuestion): FigureFindingModel[] {
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

/** Explains what time zones, days that may change and missing days do to a figure. */
export async function dayFindings(
  context: Context,
  question: FigureQuestion,
  isRestated: boolean,
): Promise<FigureFindingModel[]> {
  const open = isRestated ? question.sources.filter(({ state }) => state === 'NOT_FINAL' || state === 'STALE') : [];
  const notFinal = await Promise.all(open.slice(0, MAX_OPEN).map((source) => openFinding(context, question, source)));
  return [...incompleteFindings(question), ...zoneFindings(context, question), ...notFinal.flat()];
}
