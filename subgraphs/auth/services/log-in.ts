import type { DataSource } from 'typeorm';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { checkPassword } from './check-password.js';
import type { SignedIn } from './sign-in.js';
import { startSession } from './start-session.js';

/** Signs a person in. Throws Unauthenticated, alike in words and time for a wrong password and an unknown address. */
export async function logIn(
  runtime: Runtime,
  database: DataSource,
  given: { email: string; password: string },
): Promise<SignedIn> {
  const person = await checkPassword(database, given);
  return startSession(runtime, database, person);
}
