import type { Reactions, StripeAccount } from '#simulator/stripe/account.js';
import type { Expansions, Operation } from '#simulator/stripe/operation.js';

/** Subscriptions, invoices, test clocks and meters. */
export const billingOperations: readonly Operation[] = [];

/** What can be expanded in their objects. */
export const billingExpansions: Expansions = {};

/** What the engine does when something else happens, such as a payment that was authenticated. */
export const billingReactions: Reactions = {};

/** Does what has become due by the time that is: renewals, ends of trials, attempts to collect. */
export function runDueTransitions(_account: StripeAccount): void {}

/** Ends all subscriptions of a customer who is about to be deleted. */
export function endSubscriptionsOf(_account: StripeAccount, _customer: string): void {}
