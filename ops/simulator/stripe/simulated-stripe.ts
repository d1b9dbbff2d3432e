import type { Clock } from '#simulator/clock.js';
import type { Settings } from '#simulator/settings.js';
import { StripeAccount, type StripeState } from './account.js';
import { billingReactions } from './billing/index.js';
import { runDue } from './due.js';
import { Deliveries } from './webhooks/deliveries.js';

const TICK_MS = 1_000;

export interface SimulatedStripe {
  account: StripeAccount;
  deliveries: Deliveries;
  /** Does what has become due, by the clock. */
  tick(): void;
  close(): void;
}

/** Starts an account whose renewals and deliveries happen by the clock. `save` is called at most once per turn. */
export function startStripe(options: {
  clock: Clock;
  settings: Settings;
  state?: StripeState | undefined;
  save: () => void;
}): SimulatedStripe {
  const { clock } = options;
  let saving: NodeJS.Immediate | undefined;
  const save = () => {
    saving ??= setImmediate(() => {
      saving = undefined;
      options.save();
    });
  };
  const account = new StripeAccount({ ...options, save, reactions: billingReactions });
  const deliveries = new Deliveries(account, {
    now: () => Math.floor(clock.nowMs() / 1000),
    sentAt: () => Math.floor(clock.baseMs() / 1000),
  });
  const tick = () => {
    runDue(account);
    deliveries.wake();
  };
  const timer = setInterval(tick, TICK_MS).unref();
  return {
    account,
    deliveries,
    tick,
    close() {
      clearInterval(timer);
      deliveries.close();
      if (saving) clearImmediate(saving);
      options.save();
    },
  };
}
