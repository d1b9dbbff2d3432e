import type { DataSource } from 'typeorm';
import { eraseOrganizations } from '#auth/services/organization/erase-organizations.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';

/** Carries out the deletion of organizations, step by step. */
export function eraseOrganizationsJob(services: Services, database: DataSource): JobDefinition {
  return { name: 'auth.erase-organizations', schedule: '5 minutes', run: () => eraseOrganizations(services, database) };
}
