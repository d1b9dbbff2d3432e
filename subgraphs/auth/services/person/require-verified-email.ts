import type { DataSource } from 'typeorm';
import { PersonEntity } from '#auth/entities/person.js';
import { Forbidden } from '#runtime/errors.js';

/**
 * Throws Forbidden for a person who has not confirmed their address. For whatever has WebMetrics write to strangers in a
 * person's name; everything else works without.
 */
export async function requireVerifiedEmail(database: DataSource, personId: string): Promise<void> {
  const person = await database.manager.findOneBy(PersonEntity, { id: personId });
  if (!person?.emailVerifiedAt) {
    throw new Forbidden(
      'Confirm your e-mail address first: use the link that was mailed to you, or have it sent again.',
    );
  }
}
