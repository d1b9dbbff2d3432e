import type { DataSource } from 'typeorm';
import { type Plan, PlanEntity } from '#billing/entities/plan.js';

/** Returns the plans on offer, the smallest first. */
export function listPlans(database: DataSource): Promise<Plan[]> {
  return database.manager.find(PlanEntity, { order: { position: 'ASC' } });
}
