import DataLoader from 'dataloader';
import { type DataSource, In } from 'typeorm';
import { type Plan, PlanEntity } from '#billing/entities/plan.js';

/** Loads the plans of subscriptions; an unknown id is an error. */
export function planById(database: DataSource): DataLoader<string, Plan> {
  return new DataLoader(async (ids) => {
    const plans = await database.manager.findBy(PlanEntity, { id: In(ids) });
    const known = new Map(plans.map((plan) => [plan.id, plan]));
    return ids.map((id) => known.get(id) ?? new Error(`There is no plan ${id}`));
  });
}
