import DataLoader from 'dataloader';
import { type DataSource, In } from 'typeorm';
import { type Plan, PlanEntity } from './entities/plan.js';
import { type Subscription, SubscriptionEntity } from './entities/subscription.js';

/** Loads the plans of subscriptions; an unknown id is an error. */
export function planById(database: DataSource): DataLoader<string, Plan> {
  return new DataLoader(async (ids) => {
    const plans = await database.manager.findBy(PlanEntity, { id: In(ids) });
    const known = new Map(plans.map((plan) => [plan.id, plan]));
    return ids.map((id) => known.get(id) ?? new Error(`There is no plan ${id}`));
  });
}

/** Loads the identity's subscription; any other is null. */
export function subscriptionById(
  database: DataSource,
  organizationId: string | undefined,
): DataLoader<string, Subscription | null> {
  return new DataLoader(async (ids) => {
    const own = organizationId ? await database.manager.findOneBy(SubscriptionEntity, { organizationId }) : null;
    return ids.map((id) => (id === own?.id ? own : null));
  });
}
