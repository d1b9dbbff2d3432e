import type { EntityManager } from 'typeorm';

/**
 * Whether an address was given up by an account so shortly ago that it can still be taken back: until then nobody else
 * gets it, or whoever stole the account could keep its owner from returning.
 */
export async function isHeldAddress(manager: EntityManager, email: string, now: Date): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT FROM auth.one_time_token
     WHERE purpose = 'STOP_EMAIL_CHANGE' AND lower(email) = lower($1) AND used_at IS NULL AND expires_at > $2 LIMIT 1`,
    [email, now],
  );
  return rows.length > 0;
}
