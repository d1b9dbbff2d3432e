import type { AdMetrics } from '#integrations/providers/products.js';
import { Money } from '#runtime/money.js';
import type { AskedDay } from './performance-question.js';

/** Returns figures as a statement takes them, amounts in millionths. */
export function askedFigures(
  { impressions, clicks, cost, conversions, conversionValue, actions }: AdMetrics,
  currency: string,
): Omit<AskedDay, 'accountId' | 'campaignId' | 'day'> {
  const micros = (amount: string) => String(Money.fromDecimal(amount, currency).toMicros());
  return {
    impressions,
    clicks,
    costMicros: micros(cost),
    conversions,
    conversionValueMicros: conversionValue === null ? null : micros(conversionValue),
    actions,
  };
}
