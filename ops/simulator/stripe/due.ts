import type { StripeAccount } from './account.js';
import { runDueTransitions } from './billing/index.js';
import { expireSessions } from './checkout/sessions.js';
import { failRefunds } from './payments/refunds.js';

/** Does what has become due; nothing when neither time has passed nor anything was written since the last time. */
export function runDue(account: StripeAccount): void {
  const now = account.now();
  if (!account.isTouched && account.ranDueAt === now) return;
  account.isTouched = false;
  account.ranDueAt = now;
  runDueTransitions(account);
  expireSessions(account);
  failRefunds(account);
}
