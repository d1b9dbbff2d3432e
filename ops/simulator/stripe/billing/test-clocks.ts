import type { Objects } from '#simulator/stripe/objects.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';
import { addCycles, DAY } from './arithmetic/periods.js';
import type { Account } from './model.js';
import { runDueUntil } from './run-due.js';
import { cadenceOf } from './subscriptions/subscription-items.js';

type TestClock = Objects['test_helpers.test_clock'];

const MAX_INTERVALS = 2;
const KEPT_DAYS = 30;

/** Makes a test clock that stands still at a moment, in seconds. */
export function createClock(
  account: Account,
  { frozen_time, name }: { frozen_time: number; name?: string | undefined },
): TestClock {
  const created = account.now();
  const clock = account.add('test_helpers.test_clock', {
    created,
    deletes_after: created + KEPT_DAYS * DAY,
    frozen_time,
    livemode: false,
    name: name ?? null,
    status: 'ready',
    status_details: {},
  });
  account.emit('test_helpers.test_clock.created', clock);
  return clock;
}

/**
 * Lets time pass for the customers on a clock, which is ready again as soon as the simulator gets to it. Throws 400 for
 * the past, for more than two billing intervals, and while it advances.
 */
export function advanceClock(account: Account, id: string, until: number): TestClock {
  const clock = account.get('test_helpers.test_clock', id);
  if (clock.status === 'advancing')
    throw invalidRequest('Test clock advancement underway - cannot perform modifications.', {
      code: 'clock_advancing',
    });
  const refuse = (message: string) => invalidRequest(message, { param: 'frozen_time' });
  if (until <= clock.frozen_time) throw refuse('frozen_time must be after the current frozen time of the test clock.');
  if (until > latestFor(account, clock))
    throw refuse(
      `Test clocks can be advanced by at most ${MAX_INTERVALS} intervals of the shortest subscription at a time. Please advance it to an earlier time.`,
    );
  account.change(clock, { status: 'advancing', status_details: { advancing: { target_frozen_time: until } } });
  account.emit('test_helpers.test_clock.advancing', clock);
  return clock;
}

function latestFor(account: Account, clock: TestClock): number {
  const live = account
    .list('subscription')
    .filter(
      ({ test_clock, status }) => test_clock === clock.id && !['canceled', 'incomplete_expired'].includes(status),
    );
  const cadences = live.map((subscription) => cadenceOf(subscription));
  if (cadences.length === 0) return Number.POSITIVE_INFINITY;
  return Math.min(...cadences.map((cadence) => addCycles(clock.frozen_time, cadence, MAX_INTERVALS)));
}

/** Does what falls into the time that the advancing clocks let pass. */
export function finishAdvancing(account: Account): void {
  for (const clock of account.list('test_helpers.test_clock')) {
    const target = clock.status_details.advancing?.target_frozen_time;
    if (clock.status !== 'advancing' || target === undefined) continue;
    runDueUntil(account, clock.id, target);
    account.change(clock, { frozen_time: target, status: 'ready', status_details: {} });
    account.emit('test_helpers.test_clock.ready', clock);
  }
}

/** Deletes a clock with its customers and what they have. */
export function deleteClock(account: Account, id: string) {
  const clock = account.get('test_helpers.test_clock', id);
  const owned = new Set(
    account
      .list('customer')
      .filter(({ test_clock }) => test_clock === id)
      .map((one) => one.id),
  );
  for (const subscription of account.list('subscription'))
    if (owned.has(subscription.customer)) account.delete(subscription);
  for (const customer of account.list('customer')) if (owned.has(customer.id)) account.delete(customer);
  account.emit('test_helpers.test_clock.deleted', clock);
  return account.delete(clock);
}
