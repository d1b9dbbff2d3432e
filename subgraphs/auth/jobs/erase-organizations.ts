import type { DataSource } from 'typeorm';
import type { JobDefinition } from '../../../ops/runtime/jobs/jobs.js';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { eraseOrganizations } from '../services/erase-organizations.js';

/** Carries out the deletion of organizations, step by step. */
export function eraseOrganizationsJob(runtime: Runtime, database: DataSource): JobDefinition {
  return { name: 'auth.erase-organizations', schedule: '5 minutes', run: () => eraseOrganizations(runtime, database) };
}
