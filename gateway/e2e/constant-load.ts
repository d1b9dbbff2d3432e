import { setTimeout as wait } from 'node:timers/promises';
import { Agent } from 'undici';
import { Client } from './client.js';

/** Requests that never stop, from several clients at once. */
export interface ConstantLoad {
  /** How many were answered as they should. */
  answered(): number;
  /** What was wrong with the others. */
  failures: string[];
  /** Resolves once that many more were answered. */
  more(count: number): Promise<void>;
  stop(): Promise<void>;
}

export interface LoadOptions {
  url: string;
  accessToken: string;
  query: string;
  variables?: Record<string, unknown>;
  clients: number;
}

const PAUSE_MS = 20;

/** Starts sending. Everything but a 200 with data and without errors is a failure; nothing is retried. */
export function startLoad({ url, accessToken, query, variables, clients }: LoadOptions): ConstantLoad {
  const dispatcher = new Agent({ connections: clients });
  const failures: string[] = [];
  const waiting: { at: number; resolve: () => void }[] = [];
  let answered = 0;
  let isStopped = false;
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` };
  const body = JSON.stringify({ query, variables });

  const sendOne = async () => {
    const response = await dispatcher.request({ origin: url, path: '/graphql', method: 'POST', headers, body });
    const text = await response.body.text();
    const answer = JSON.parse(text || '{}') as { data?: unknown; errors?: unknown };
    if (response.statusCode !== 200 || !answer.data || answer.errors) {
      failures.push(`${response.statusCode} ${text.slice(0, 300)}`);
      return;
    }
    answered += 1;
    for (const one of waiting.filter(({ at }) => at <= answered)) one.resolve();
  };
  const runClient = async () => {
    while (!isStopped) {
      await sendOne().catch((error: Error) => failures.push(error.message));
      // As people do: a stop can cut an idle connection under a request.
      await wait(PAUSE_MS);
    }
  };
  const running = Array.from({ length: clients }, runClient);
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    isStopped = true;
    await Promise.all(running);
    await dispatcher.close();
  };
  return {
    answered: () => answered,
    failures,
    more: (count) => new Promise((resolve) => waiting.push({ at: answered + count, resolve })),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** Signs a user up, and starts to send as this user. Resolves once `answered` requests were answered. */
export async function startLoadOfNewUser(
  options: Omit<LoadOptions, 'accessToken'>,
  { answered }: { answered: number },
): Promise<ConstantLoad> {
  const { data } = await new Client(options.url).ask(/* GraphQL */ `mutation {
    signUp(name: "Nora", email: "nora@example.com", password: "correct horse battery", companyName: "Company") {
      accessToken
    }
  }`);
  const load = startLoad({ ...options, accessToken: data.signUp.accessToken });
  await load.more(answered);
  return load;
}
