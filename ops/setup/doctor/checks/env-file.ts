import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { beforeGoLive, type Check } from '#ops/setup/doctor/check.js';
import { ok, warning } from '#ops/setup/doctor/finding.js';

const ANYBODY_ELSE = 0o077;

export const envFile: Check = {
  name: 'Settings file',
  run: async (context) => {
    const { envFile: file } = context;
    if (!existsSync(file)) return [ok('There is none: settings come from the environment')];
    const { mode, uid } = statSync(file);
    const name = basename(file);
    if (process.platform !== 'win32' && mode & ANYBODY_ELSE) {
      const others = (mode & 0o777).toString(8);
      const message = `${name} can be read by other users of this machine (${others})`;
      return [beforeGoLive(context, message, `chmod 600 ${file}`)];
    }
    const user = process.getuid?.();
    if (user !== undefined && user !== 0 && uid !== user) {
      return [warning(`${name} belongs to another user`, `chown it to the user WebMetrics runs as: ${file}`)];
    }
    return [ok(`${name} is readable by its owner only`)];
  },
};
