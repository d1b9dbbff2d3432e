import { readSurroundings } from '#runtime/telemetry/observe-machine.js';
import type { Condition } from './condition.js';
import { LIMITS } from './limits.js';

/** Whether less than a tenth of a disk of this host is free. */
export const diskAlmostFull = (host: string): Condition => ({
  name: 'disk-almost-full',
  category: 'internal',
  evaluate: async () =>
    (await readSurroundings())?.folders.flatMap(({ folder, freeShare }) =>
      freeShare === undefined || freeShare >= LIMITS.freeDiskShare
        ? []
        : [
            {
              subject: `${host} ${folder}`,
              message: `The disk of the folder for ${folder} on ${host} has ${(100 * freeShare).toFixed(1)} % left.`,
            },
          ],
    ),
});

/** Whether a certificate of the installation's addresses ends within 14 days. */
export const certificateEnding: Condition = {
  name: 'certificate-ending',
  category: 'internal',
  evaluate: async () =>
    (await readSurroundings())?.certificates.flatMap(({ host, endsAt }) =>
      endsAt === undefined || endsAt.getTime() - Date.now() >= 1_000 * LIMITS.certificateSeconds
        ? []
        : [{ subject: host, message: `The certificate of ${host} ends on ${endsAt.toISOString()}.` }],
    ),
};
