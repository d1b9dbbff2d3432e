import type { DataSource } from 'typeorm';
import { PersonEntity } from '#auth/entities/person.js';
import { aboutPerson, asPerson, recordAudits } from '#auth/services/audit/record-audits.js';
import { useOneTimeToken, withdrawOneTimeTokens } from '#auth/services/link/one-time-token.js';
import { InvalidInput } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';

/** Confirms a person's address with the token that was mailed there. Throws InvalidInput when it does not hold. */
export async function verifyEmail(
  services: Services,
  database: DataSource,
  identity: Identity,
  token: string,
): Promise<void> {
  const now = services.now();
  await database.transaction(async (manager) => {
    const { person, email } = await useOneTimeToken(manager, token, 'VERIFY_EMAIL', now);
    if (person.email !== email) {
      throw new InvalidInput([{ argument: 'token', problem: 'is for an address the account no longer has' }]);
    }
    const { id } = person;
    await manager.update(PersonEntity, { id }, { emailVerifiedAt: now });
    await withdrawOneTimeTokens(manager, id, now, 'VERIFY_EMAIL');
    const entries = await aboutPerson(manager, id, { action: 'email.verified' });
    await recordAudits(manager, asPerson(identity, id), entries);
  });
}
