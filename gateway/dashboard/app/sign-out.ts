import { client } from '#dashboard/graph/client.ts';

/** Ends the session in every tab, also when the server cannot be reached, and leaves nothing of it in memory. */
export async function signOut(): Promise<void> {
  await client.signOut({ timeoutMs: 5_000, retries: 0 }).catch(() => {});
  window.location.assign('/app/sign-in');
}
