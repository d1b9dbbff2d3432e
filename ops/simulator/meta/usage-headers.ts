import type { World } from '#simulator/world.js';
import { GraphError } from './graph-error.js';

export type UsageKind = 'ads_insights' | 'ads_management';

const LIMIT_CODES: Record<UsageKind, number> = { ads_insights: 80000, ads_management: 80004 };
const APP_CALLS_PER_HOUR = 200_000;

/** Counts an ad account's call; throws above the hourly limit. */
export function countCall(kind: UsageKind, accountId: string, world: World): void {
  const key = `${kind} ${accountId}`;
  if (world.settings.metaThrottling && world.hourlyUsage.count(key) >= limitOf(kind, world)) {
    throw new GraphError(
      `(#${LIMIT_CODES[kind]}) There have been too many calls from this ad-account. Wait a bit and try again. For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting.`,
      { code: LIMIT_CODES[kind], subcode: 2446079, isTransient: false },
    );
  }
  world.hourlyUsage.add(key);
}

/** Returns the usage headers, in percent of the hourly limit. */
export function usageHeaders(kind: UsageKind, accountIds: Iterable<string>, world: World): Record<string, string> {
  world.hourlyUsage.add('meta app');
  const app = percent(world.hourlyUsage.count('meta app'), APP_CALLS_PER_HOUR);
  const headers: Record<string, string> = {
    'x-app-usage': JSON.stringify({
      call_count: Math.floor(app),
      total_cputime: Math.floor(app),
      total_time: Math.floor(app),
    }),
  };
  const used = [...accountIds].map(
    (id) => [id, percent(world.hourlyUsage.count(`${kind} ${id}`), limitOf(kind, world))] as const,
  );
  const [first] = used;
  if (!first) return headers;
  headers['x-ad-account-usage'] = JSON.stringify({
    acc_id_util_pct: first[1],
    reset_time_duration: 3600,
    ads_api_access_tier: 'standard_access',
  });
  headers['x-business-use-case-usage'] = JSON.stringify(
    Object.fromEntries(
      used.map(([id, share]) => [
        id,
        [
          {
            type: kind,
            call_count: Math.floor(share),
            total_cputime: Math.floor(share),
            total_time: Math.floor(share),
            estimated_time_to_regain_access: share >= 100 ? 60 : 0,
            ads_api_access_tier: 'standard_access',
          },
        ],
      ]),
    ),
  );
  if (kind === 'ads_insights') {
    headers['x-fb-ads-insights-throttle'] = JSON.stringify({
      app_id_util_pct: app,
      acc_id_util_pct: first[1],
      ads_api_access_tier: 'standard_access',
    });
  }
  return headers;
}

/** Returns a limit error's headers. */
export function exhaustedHeaders(path: string): Record<string, string> {
  const id = /act_(\d+)/.exec(path)?.[1] ?? 'app';
  return {
    'x-app-usage': JSON.stringify({ call_count: 28, total_cputime: 25, total_time: 25 }),
    'x-business-use-case-usage': JSON.stringify({
      [id]: [
        {
          type: 'ads_insights',
          call_count: 100,
          total_cputime: 25,
          total_time: 25,
          estimated_time_to_regain_access: 5,
          ads_api_access_tier: 'standard_access',
        },
      ],
    }),
  };
}

function limitOf(kind: UsageKind, world: World): number {
  return kind === 'ads_insights' ? world.settings.metaInsightsCallsPerHour : world.settings.metaManagementCallsPerHour;
}

function percent(calls: number, limit: number): number {
  return Math.min(100, Math.round((calls * 10_000) / limit) / 100);
}
