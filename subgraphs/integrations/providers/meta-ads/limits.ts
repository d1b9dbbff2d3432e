import { z } from 'zod';
import type { WireAnswer } from '#integrations/providers/wire.js';
import type { Draw, LimitRules, Told } from '#integrations/quota/limits.js';
import { jsonIn, toldPause, toldShare } from '#integrations/quota/told.js';

const MINUTE_MS = 60_000;

/** Whatever is not a number is no percentage. */
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

/** Returns the ad account in a path: `act_1/insights`, `v26.0/act_1/campaigns?…`. */
export const accountIn = (path: string): string | undefined => /(?:^|\/)act_(\d{1,20})\//.exec(path)?.[1];

const ACCOUNT = 'calls per ad account';
const APP = 'calls per app';
const PERSON = 'calls per person';

const kindOf = (path: string) => (/\/insights\b/.test(path) ? 'ads_insights' : 'ads_management');

/** Returns what reading something of an ad account uses up of that account. */
export function drawsOfPath(path: string): Draw[] {
  const account = accountIn(path);
  if (!account) return [];
  const of = { account };
  return [
    { of, limit: ACCOUNT },
    { of, limit: kindOf(path) },
  ];
}

const mostOf = (usage: z.output<typeof appUsage>) => Math.max(usage.call_count, usage.total_time, usage.total_cputime);

function toldByHeaders(headers: WireAnswer['headers'], path: string, now: Date): Told[] {
  const told: Told[] = [];
  const app = appUsage.safeParse(jsonIn(headers['x-app-usage']));
  if (app.success) told.push(...toldShare('app', APP, { percent: mostOf(app.data) }, now));
  const account = accountIn(path);
  const ofAccount = accountUsage.safeParse(jsonIn(headers['x-ad-account-usage']));
  if (account && ofAccount.success) {
    const { acc_id_util_pct, reset_time_duration } = ofAccount.data;
    const given = { percent: acc_id_util_pct, resetsInMs: reset_time_duration * 1000 };
    told.push(...toldShare({ account }, ACCOUNT, given, now));
  }
  const business = businessUsage.safeParse(jsonIn(headers['x-business-use-case-usage']));
  for (const [id, usages] of business.success ? Object.entries(business.data) : []) {
    // A business' own usage is named by its id, that of an ad account by the account's.
    if (!/^\d{1,20}$/.test(id)) continue;
    for (const usage of usages) {
      if (!/^ads_\w{1,40}$/.test(usage.type)) continue;
      const given = { percent: mostOf(usage), resetsInMs: usage.estimated_time_to_regain_access * MINUTE_MS };
      told.push(...toldShare({ account: id }, usage.type, given, now));
    }
  }
  return told;
}

/** Returns a pause where Meta refused and no header says for how long. */
function toldByRefusal(json: unknown, path: string, told: Told[], now: Date): Told[] {
  const parsed = failure.safeParse(json);
  const code = parsed.success ? parsed.data.error.code : 0;
  if (code === 4) return toldPause('app', APP, MINUTE_MS, now);
  if (code === 17) return toldPause('person', PERSON, MINUTE_MS, now);
  const account = accountIn(path);
  const isAccount = code === 613 || (code >= 80_000 && code <= 80_014);
  const isTold = told.some((one) => one.kind === 'share' && one.usedPercent >= 100 && one.of !== 'app');
  return account && isAccount && !isTold ? toldPause({ account }, kindOf(path), MINUTE_MS, now) : [];
}

function pathsIn(body: string | undefined): string[] {
  try {
    const batch = requests.safeParse(JSON.parse(new URLSearchParams(body).get('batch') ?? ''));
    return batch.success ? batch.data.map(({ relative_url }) => relative_url) : [];
  } catch {
    return [];
  }
}

const percentOf = (told: Told) => (told.kind === 'share' ? told.usedPercent : 100);

function toldByAnswer({ headers, json }: Pick<WireAnswer, 'headers' | 'json'>, path: string, now: Date): Told[] {
  const told = toldByHeaders(headers, path, now);
  return [...told, ...toldByRefusal(json, path, told, now)];
}

function toldByParts(json: unknown, paths: string[], now: Date): Told[] {
  const parsed = parts.safeParse(json);
  if (!parsed.success) return [];
  return parsed.data.flatMap((part, place) => {
    if (!part) return [];
    const headers = Object.fromEntries(part.headers.map(({ name, value }) => [name.toLowerCase(), value]));
    const body = part.code === 200 ? undefined : jsonIn(part.body);
    return toldByAnswer({ headers, json: body }, paths[place] ?? '', now);
  });
}

/**
 * Meta tells percentages: of the app in X-App-Usage, of an ad account in X-Ad-Account-Usage, of each of its uses in
 * X-Business-Use-Case-Usage, with the minutes until it answers again once it refuses. Each part of a batch counts, and tells
 * its own. https://developers.facebook.com/docs/graph-api/overview/rate-limiting
 *
 * What ad accounts have left is asked request by request, see api.ts: a batch speaks of many.
 */
export const limits: LimitRules = {
  drawsOf: ({ url }) =>
    /\/oauth\/access_token/.test(url)
      ? []
      : [
          { of: 'app', limit: APP },
          { of: 'person', limit: PERSON },
        ],

  toldBy(answer, { url, body }, now) {
    const path = URL.canParse(url) ? new URL(url).pathname : '';
    const told = [...toldByAnswer(answer, path, now), ...toldByParts(answer.json, pathsIn(body), now)];
    // Parts of a batch run side by side: of what they tell of one limit, the most counts, which is what is told last.
    return told.sort((one, other) => percentOf(one) - percentOf(other));
  },
};
