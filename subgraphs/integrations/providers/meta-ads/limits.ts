import { zip } from 'es-toolkit/array';
import { z } from 'zod';
import type { WireAnswer } from '#integrations/providers/wire.js';
import type { Charge, LimitRules, ReportedLimit } from '#integrations/quota/limits.js';
import { jsonIn, reportedPause, reportedShare } from '#integrations/quota/reported.js';

const MINUTE_MS = 60_000;

const percent = z.number().catch(-1).default(-1);
const appUsage = z.object({ call_count: percent, total_time: percent, total_cputime: percent });
const accountUsage = z.object({ acc_id_util_pct: percent, reset_time_duration: percent });
const businessUsage = z.record(
  z.string(),
  z.array(appUsage.extend({ type: z.string().catch(''), estimated_time_to_regain_access: percent })).catch([]),
);
const parts = z.array(
  z
    .object({
      code: z.number(),
      headers: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
      body: z.string().default(''),
    })
    .nullable()
    .catch(null),
);
const requests = z.array(z.object({ relative_url: z.string() }));
const failure = z.object({ error: z.object({ code: z.number() }) });

/** Returns the ad account in a path such as `v26.0/act_1/campaigns?…`. */
export const accountIn = (path: string): string | undefined => /(?:^|\/)act_(\d{1,20})\//.exec(path)?.[1];

const ACCOUNT = 'calls per ad account';
const APP = 'calls per app';
const PERSON = 'calls per person';

const kindOf = (path: string) => (/\/insights\b/.test(path) ? 'ads_insights' : 'ads_management');

/** Returns the limits a path is charged to. */
export function chargesOfPath(path: string): Charge[] {
  const account = accountIn(path);
  if (!account) return [];
  const of = { account };
  return [
    { of, limit: ACCOUNT, kind: 'share' },
    { of, limit: kindOf(path), kind: 'share' },
  ];
}

const mostOf = (usage: z.output<typeof appUsage>) => Math.max(usage.call_count, usage.total_time, usage.total_cputime);

function reportedInHeaders(headers: WireAnswer['headers'], path: string, now: Date): ReportedLimit[] {
  const reported: ReportedLimit[] = [];
  const app = appUsage.safeParse(jsonIn(headers['x-app-usage']));
  if (app.success) reported.push(...reportedShare('app', APP, { percent: mostOf(app.data) }, now));
  const account = accountIn(path);
  const ofAccount = accountUsage.safeParse(jsonIn(headers['x-ad-account-usage']));
  if (account && ofAccount.success) {
    const { acc_id_util_pct, reset_time_duration } = ofAccount.data;
    const given = { percent: acc_id_util_pct, resetsInMs: reset_time_duration * 1000 };
    reported.push(...reportedShare({ account }, ACCOUNT, given, now));
  }
  const business = businessUsage.safeParse(jsonIn(headers['x-business-use-case-usage']));
  for (const [id, usages] of business.success ? Object.entries(business.data) : []) {
    // Ids of ad accounts and businesses.
    if (!/^\d{1,20}$/.test(id)) continue;
    for (const usage of usages) {
      if (!/^ads_\w{1,40}$/.test(usage.type)) continue;
      const given = { percent: mostOf(usage), resetsInMs: usage.estimated_time_to_regain_access * MINUTE_MS };
      reported.push(...reportedShare({ account: id }, usage.type, given, now));
    }
  }
  return reported;
}

/** Where Meta refused without reporting for how long. */
function reportedByRefusal(json: unknown, path: string, reported: ReportedLimit[], now: Date): ReportedLimit[] {
  const parsed = failure.safeParse(json);
  const code = parsed.success ? parsed.data.error.code : 0;
  if (code === 4) return reportedPause('app', APP, MINUTE_MS, now);
  if (code === 17) return reportedPause('person', PERSON, MINUTE_MS, now);
  const account = accountIn(path);
  const isAccount = code === 613 || (code >= 80_000 && code <= 80_014);
  const isTold = reported.some((one) => one.kind === 'share' && one.usedPercent >= 100 && one.of !== 'app');
  return account && isAccount && !isTold ? reportedPause({ account }, kindOf(path), MINUTE_MS, now) : [];
}

function pathsIn(body: string | undefined): string[] {
  try {
    const batch = requests.safeParse(JSON.parse(new URLSearchParams(body).get('batch') ?? ''));
    return batch.success ? batch.data.map(({ relative_url }) => relative_url) : [];
  } catch {
    return [];
  }
}

const percentOf = (reported: ReportedLimit) => (reported.kind === 'share' ? reported.usedPercent : 100);

function reportedByAnswer(
  { headers, json }: Pick<WireAnswer, 'headers' | 'json'>,
  path: string,
  now: Date,
): ReportedLimit[] {
  const reported = reportedInHeaders(headers, path, now);
  return [...reported, ...reportedByRefusal(json, path, reported, now)];
}

function reportedByParts(json: unknown, paths: string[], now: Date): ReportedLimit[] {
  const parsed = parts.safeParse(json);
  if (!parsed.success) return [];
  // Meta answers in the order of the requests.
  return zip(parsed.data, paths).flatMap(([part, path = '']) => {
    if (!part) return [];
    const headers = Object.fromEntries(part.headers.map(({ name, value }) => [name.toLowerCase(), value]));
    const body = part.code === 200 ? undefined : jsonIn(part.body);
    return reportedByAnswer({ headers, json: body }, path, now);
  });
}

/**
 * Meta reports percentages of the app, of ad accounts and of their use cases, each part of a batch its own.
 * https://developers.facebook.com/docs/graph-api/overview/rate-limiting Ad accounts in a batch are checked one by one
 * (api.ts).
 */
export const limits: LimitRules = {
  chargesOf: ({ url }) =>
    /\/oauth\/access_token/.test(url)
      ? []
      : [
          { of: 'app', limit: APP, kind: 'share' },
          { of: 'person', limit: PERSON, kind: 'share' },
        ],

  reportedBy(answer, { url, body }, now) {
    const path = URL.canParse(url) ? new URL(url).pathname : '';
    const reported = [...reportedByAnswer(answer, path, now), ...reportedByParts(answer.json, pathsIn(body), now)];
    // The highest report of a limit counts, applied last.
    return reported.sort((one, other) => percentOf(one) - percentOf(other));
  },
};
