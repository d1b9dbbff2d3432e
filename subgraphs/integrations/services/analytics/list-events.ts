import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { AnalyticsEventConnectionModel, AnalyticsEventModel } from '#integrations/models.js';
import type { AnalyticsReport } from '#integrations/providers/products.js';
import { currencyOf } from '#integrations/providers/products.js';
import { unreadableRows } from '#integrations/services/ask/unreadable-rows.js';
import { daysToAsk } from '#integrations/services/campaigns/check-range.js';
import { reported } from '#integrations/services/shared/reported-through.js';
import type { PageArguments } from '#kit/page.js';
import { Money } from '#runtime/money.js';
import { pageByIndex, rowsFor } from './page-by-index.js';

const STEP = 1_000;

function eventsIn({ rows, currency }: AnalyticsReport, account: Account): AnalyticsEventModel[] {
  return rows.map(({ dimensions: [name = ''], metrics: [count = '0', users = '0', revenue = '0'] }) => {
    const unit = currency ?? currencyOf(account);
    return {
      name,
      count: Number(count),
      users: Number(users),
      revenue: { amount: Money.fromDecimal(revenue, unit).toString(), currency: unit },
    };
  });
}

/** Returns a page of a property's events. Throws InvalidInput and the provider's errors. */
export async function listEvents(
  context: Context,
  { account, range, ...page }: PageArguments & { account: Account; range: DayRange },
): Promise<AnalyticsEventConnectionModel> {
  const asked = daysToAsk(range, account.timeZone, context.services.now());
  const limit = rowsFor(page, STEP);
  const metrics = ['eventCount', 'totalUsers', 'totalRevenue'];
  const dimensions = ['eventName'];
  const answer =
    asked &&
    (await context.loadAnswer({ product: 'analytics', account, range: asked, dimensions, metrics, offset: 0, limit }));
  const events = answer ? eventsIn(answer.found, account) : [];
  return {
    ...pageByIndex(events, page),
    ...reported(context, { account, range, answer }),
    account,
    unreadable: unreadableRows(account, answer?.found.unreadable),
    quality: answer?.found.quality ?? null,
  };
}
