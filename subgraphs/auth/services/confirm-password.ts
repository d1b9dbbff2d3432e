import type { DataSource } from 'typeorm';
import { InvalidInput } from '../../../ops/runtime/errors.js';
import { PersonEntity } from '../entities/person.js';
import { isPassword } from './password.js';

/** Has somebody who is signed in show again who they are. Throws InvalidInput when the password is not theirs. */
export async function confirmPassword(database: DataSource, personId: string, password: string): Promise<void> {
  const person = await database.manager.findOneBy(PersonEntity, { id: personId });
  if (await isPassword(password, person?.passwordHash)) return;
  throw new InvalidInput([{ argument: 'password', problem: 'is not your password' }]);
}
