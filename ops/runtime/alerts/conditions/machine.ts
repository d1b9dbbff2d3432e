import { readSurroundings } from '#runtime/telemetry/observe-machine.js';
import type { Condition } from './condition.js';

const MIN_FREE_SHARE = 0.1;
const DAY_MS = 24 * 60 * 60 * 1000;
const MIN_CERTIFICATE_DAYS = 14;

/** Whether less than a tenth of a disk of this host is free. */
export const diskAlmostFull = (host: string): Condition => ({
  name: 'disk-almost-full',
  category: 'internal',
  evaluate: async () =>
    (await readSurroundings())?.folders.flatMap(({ folder, freeShare }) =>
      freeShare === undefined || freeShare >= MIN_FREE_SHARE
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
      endsAt === undefined || endsAt.getTime() - Date.now() >= MIN_CERTIFICATE_DAYS * DAY_MS
        ? []
        : [{ subject: host, message: `The certificate of ${host} ends on ${endsAt.toISOString()}.` }],
    ),
};
