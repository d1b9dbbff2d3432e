import type { DataSource } from 'typeorm';
import { InvalidInput } from '../../../ops/runtime/errors.js';
import type { Identity } from '../../../ops/runtime/identity.js';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { PersonEntity } from '../entities/person.js';
import { useOneTimeToken, withdrawOneTimeTokens } from './one-time-token.js';
import { asPerson, recordPersonAudit } from './record-person-audit.js';

/** Confirms a person's address with the token that was mailed there. Throws InvalidInput when it does not hold. */
export async function verifyEmail(
  runtime: Runtime,
  database: DataSource,
  identity: Identity,
  token: string,
): Promise<void> {
  const now = runtime.now();
  await database.transaction(async (manager) => {
    const { personId, email } = await useOneTimeToken(manager, token, 'VERIFY_EMAIL', now);
    const { affected } = await manager.update(PersonEntity, { id: personId, email }, { emailVerifiedAt: now });
    if (affected !== 1) {
      throw new InvalidInput([{ argument: 'token', problem: 'is for an address the account no longer has' }]);
    }
    await withdrawOneTimeTokens(manager, personId, now, 'VERIFY_EMAIL');
    await recordPersonAudit(manager, asPerson(identity, personId), personId, { action: 'email.verified' });
  });
}
