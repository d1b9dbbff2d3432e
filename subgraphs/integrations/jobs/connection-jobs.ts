import type { Equipment } from '#integrations/equipment.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import { notifyReconnectJob } from './notify-reconnect.js';
import { syncConnectionJob } from './sync-connection.js';
import { syncConnectionsJob } from './sync-connections.js';

/** What keeps connections true to their providers, and tells people when they must act. */
export const connectionJobs = (equipment: Equipment): JobDefinition<never>[] => [
  syncConnectionsJob(equipment),
  syncConnectionJob(equipment),
  notifyReconnectJob(equipment),
];
