import { setTimeout as wait } from 'node:timers/promises';

/** Gets an address of the platform with JSON, with the header `Authorization` if given. */
export async function readJson(
  url: string,
  authorization?: string,
): Promise<{ status: number; body: any; headers: Headers }> {
  const response = await fetch(url, { headers: authorization ? { authorization } : {} });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

/** Asks until the answer is as wanted, and returns it. */
export async function readJsonUntil(
  url: string,
  isWanted: (answer: { status: number; body: any }) => boolean,
  authorization?: string,
) {
  for (;;) {
    const answer = await readJson(url, authorization);
    if (isWanted(answer)) return answer;
    await wait(100);
  }
}
