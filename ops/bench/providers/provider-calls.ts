/** One HTTP request in the simulator's log. */
export interface LoggedCall {
  provider: string;
  method: string;
  path: string;
  query: Record<string, string>;
  body: unknown;
  inner: boolean;
}

// What the simulated providers count and refuse is not what is measured here.
const GENEROUS = {
  businessProfileCallsPerMinute: 1_000_000,
  searchConsoleQueriesPerMinute: 1_000_000,
  analyticsTokensPerDay: 1_000_000_000,
  analyticsTokensPerHour: 1_000_000_000,
  analyticsTokensPerProjectPerHour: 1_000_000_000,
  analyticsConcurrentRequests: 1_000,
  metaThrottling: false,
};

/** Lets the simulated providers answer as much as is asked. */
export async function liftLimits(simulatorUrl: string): Promise<void> {
  await fetch(`${simulatorUrl}/_simulator/settings`, { method: 'POST', body: JSON.stringify(GENEROUS) });
}

/** Returns the HTTP requests providers got since the last time; what batches consist of is left out. */
export async function takeCalls(simulatorUrl: string): Promise<LoggedCall[]> {
  const log = `${simulatorUrl}/_simulator/calls`;
  const calls = (await (await fetch(log)).json()) as LoggedCall[];
  await (await fetch(log, { method: 'DELETE' })).text();
  return calls.filter(({ inner }) => !inner);
}

/** Returns how many calls each provider got. */
export function countByProvider(calls: LoggedCall[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { provider } of calls) counts[provider] = (counts[provider] ?? 0) + 1;
  return counts;
}

/** Returns how many of the calls ask what another one has asked already. */
export function countRepeated(calls: LoggedCall[]): number {
  const questions = calls.map(({ provider, method, path, query, body }) =>
    JSON.stringify([provider, method, path, query, body]),
  );
  return questions.length - new Set(questions).size;
}
