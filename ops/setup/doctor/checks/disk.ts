import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Check, CheckContext } from '#ops/setup/doctor/check.js';
import { type Finding, ok, problem, warning } from '#ops/setup/doctor/finding.js';
import { reasonOf } from '#runtime/log/reason-of.js';

const GIB = 1024 ** 3;
const LITTLE_BYTES = 2 * GIB;
const TOO_LITTLE_BYTES = GIB / 4;

function size(bytes: number): string {
  return bytes >= GIB ? `${(bytes / GIB).toFixed(1)} GiB` : `${Math.round(bytes / 1024 ** 2)} MiB`;
}

const nearestThatExists = (folder: string): string =>
  existsSync(folder) ? folder : nearestThatExists(dirname(folder));

function look(what: string, folder: string, variable: string): Finding {
  const place = nearestThatExists(folder);
  try {
    if (!statSync(place).isDirectory()) throw new Error('there is a file in its place');
    accessSync(place, constants.W_OK | constants.X_OK);
  } catch (error) {
    const advice = `Make it writable for this user, or set ${variable} to a folder that is.`;
    return problem(`${what} ${folder} cannot be written (${reasonOf(error)})`, advice);
  }
  const { bavail, bsize } = statfsSync(place);
  const free = bavail * bsize;
  const advice = `Make room, or set ${variable} to a folder on a larger disk.`;
  if (free < TOO_LITTLE_BYTES) return problem(`${what} ${folder} has ${size(free)} left`, advice);
  if (free < LITTLE_BYTES) return warning(`${what} ${folder} has only ${size(free)} left`, advice);
  return ok(`${what} ${folder}: ${size(free)} free${place === folder ? '' : ', made when it is needed'}`);
}

function folders({ config }: CheckContext): Finding[] {
  const { dataDir, backup } = config;
  return [
    look('Data folder', dataDir, 'DATA_DIR'),
    look('Backup folder', backup.folder ?? join(dataDir, 'backups'), 'BACKUP_DIR'),
  ];
}

export const disk: Check = { name: 'Disk', run: async (context) => folders(context) };
