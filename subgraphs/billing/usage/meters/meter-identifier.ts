/** What identifies an event of the meter at Stripe: its report, and how often Stripe has rejected it before. */
export interface MeterIdentity {
  reportId: string;
  rejections: number;
}

/** Returns the identifier of an event at Stripe; one that was rejected gets another. */
export function meterIdentifierOf({ reportId, rejections }: MeterIdentity): string {
  return rejections === 0 ? reportId : `${reportId}-${rejections}`;
}

const IDENTIFIER = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-(\d{1,3}))?(?![0-9a-z])/;

/** Returns the event that Stripe names by its identifier, or by the idempotency key of its request, which contains it; null = none of ours. */
export function readMeterIdentifier(text: string): MeterIdentity | null {
  const [, reportId, rejections = '0'] = IDENTIFIER.exec(text) ?? [];
  return reportId ? { reportId, rejections: Number(rejections) } : null;
}
