import { isRowId } from '#runtime/database/database.js';
import { eraseRows } from '#runtime/database/erase-rows.js';
import type { JobDefinition, JobRun } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';
import type { SubgraphName } from '#schema/type-definitions.js';

interface Erasure {
  organizationId: string;
}

/** With doubling pauses about two hours: how long an unavailable provider is waited for. */
export const MAX_ERASURE_RETRIES = 12;

export const eraseOrganizationJobOf = (name: SubgraphName) => `${name}.erase-organization`;

function parse(data: unknown): Erasure {
  const { organizationId } = data as Partial<Erasure>;
  if (!isRowId(organizationId)) throw new Error('organizationId is not the id of an organization');
  return { organizationId };
}

/** Erases an organization's rows in one subgraph. Queued by auth, once nothing new can be written for the organization. */
export function eraseOrganizationJob(
  name: SubgraphName,
  { databases }: Services,
  prepare: (organizationId: string, run: JobRun) => Promise<void> = async () => {},
): JobDefinition<Erasure> {
  return {
    name: eraseOrganizationJobOf(name),
    maxRetries: MAX_ERASURE_RETRIES,
    parse,
    run: async ({ organizationId }, run) => {
      await prepare(organizationId, run);
      const database = databases.get(name);
      if (!database) throw new Error(`The subgraph ${name} has no database open.`);
      await eraseRows(database, { schema: name, organizationId, signal: run.signal });
    },
  };
}
