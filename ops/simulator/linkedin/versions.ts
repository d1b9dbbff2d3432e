import type { WireRequest } from '#simulator/wire.js';
import { LinkedinError } from './linkedin-error.js';

// A version appears every month and lives for a year. Fixed rather than counted, so that an installation that runs
// for long does not find its own version gone.
const OLDEST = '202512';
const NEWEST = '202611';

/** Throws LinkedIn's refusal unless the call names a version that is alive and the second protocol of Rest.li. */
export function checkVersions({ headers }: WireRequest): void {
  const version = headers['linkedin-version'];
  if (!version) {
    throw new LinkedinError(
      'A version must be present. Please specify a version by adding the LinkedIn-Version header.',
      {
        status: 400,
        code: 'VERSION_MISSING',
      },
    );
  }
  if (!/^20\d\d(0[1-9]|1[0-2])$/.test(version) || version < OLDEST || version > NEWEST) {
    throw new LinkedinError(`Requested version ${version} is not active`, { status: 426, code: 'NONEXISTENT_VERSION' });
  }
  if (headers['x-restli-protocol-version'] !== '2.0.0') {
    throw new LinkedinError('X-RestLi-Protocol-Version must be 2.0.0', {
      status: 400,
      code: 'PROTOCOL_VERSION_INVALID',
    });
  }
}
