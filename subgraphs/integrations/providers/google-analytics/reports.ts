import { chunk, zip } from 'es-toolkit/array';
import { z } from 'zod';
import { MalformedAnswer } from '#integrations/errors.js';
import { answerAll, answerEach, answerGroups } from '#integrations/providers/answer-groups.js';
import type { GoogleApi } from '#integrations/providers/google/api.js';
import type { AnalyticsReport, Answers, ReaderQuestion, Readers } from '#integrations/providers/products.js';
import { InvalidInput } from '#runtime/errors.js';
import { NAME } from './errors.js';

type AnalyticsQuestion = ReaderQuestion<'analytics'>;

const PROPERTIES_AT_ONCE = 8;

/** https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/properties/batchRunReports */
const MAX_REPORTS = 5;

const value = z.object({ value: z.string().default('') });

const report = z.object({
  metricHeaders: z.array(z.object({ name: z.string(), type: z.string().default('') })).default([]),
  rows: z
    .array(z.object({ dimensionValues: z.array(value).default([]), metricValues: z.array(value).default([]) }))
    .default([]),
  rowCount: z.number().int().min(0).default(0),
  metadata: z.object({ currencyCode: z.string().optional() }).default({}),
});

const batch = z.object({ reports: z.array(report).default([]) });

const kinds: Record<string, AnalyticsReport['metrics'][number]['kind']> = {
  TYPE_INTEGER: 'count',
  TYPE_CURRENCY: 'money',
  TYPE_SECONDS: 'seconds',
};

/** Exact: Google may write large numbers with an exponent. */
function decimalOf(text: string): string {
  if (/^-?\d+(\.\d+)?$/.test(text)) return text;
  const number = Number(text);
  if (text === '' || !Number.isFinite(number)) {
    throw new MalformedAnswer(NAME, 'answered in an unexpected form (metricValues)');
  }
  return number.toFixed(6).replace(/\.?0+$/, '');
}

/** Google names the metrics even without rows: throws when they are others. */
function reportOf(
  { metrics }: AnalyticsQuestion,
  { metricHeaders, rows, rowCount, metadata }: z.output<typeof report>,
): AnalyticsReport {
  if (metrics.join() !== metricHeaders.map(({ name }) => name).join()) {
    throw new MalformedAnswer(NAME, 'answered in an unexpected form (metricHeaders)');
  }
  return {
    metrics: metricHeaders.map(({ name, type }) => ({ name, kind: kinds[type] ?? 'decimal' })),
    rows: rows.map(({ dimensionValues, metricValues }) => ({
      dimensions: dimensionValues.map((one) => one.value),
      metrics: metricValues.map((one) => decimalOf(one.value)),
    })),
    rowCount,
    currency: metadata.currencyCode ?? null,
  };
}

const requestOf = ({ range, dimensions, metrics, limit }: AnalyticsQuestion) => ({
  dateRanges: [{ startDate: range.start, endDate: range.end }],
  dimensions: dimensions.map((name) => ({ name })),
  metrics: metrics.map((name) => ({ name })),
  orderBys: [{ metric: { metricName: metrics[0] }, desc: true }],
  limit: String(limit),
  // For limits.ts.
  returnPropertyQuota: true,
});

async function runReport(api: GoogleApi, accessToken: string, question: AnalyticsQuestion): Promise<AnalyticsReport> {
  const path = `/v1beta/properties/${question.account.externalId}:runReport`;
  return reportOf(question, await api.post(accessToken, path, requestOf(question), report));
}

async function runReports<Asked extends AnalyticsQuestion>(
  api: GoogleApi,
  accessToken: string,
  questions: Asked[],
): Promise<Answers<Asked, AnalyticsReport>> {
  const [first] = questions;
  if (!first || questions.length === 1) return answerEach(questions, 1, (one) => runReport(api, accessToken, one));
  const path = `/v1beta/properties/${first.account.externalId}:batchRunReports`;
  try {
    const { reports } = await api.post(accessToken, path, { requests: questions.map(requestOf) }, batch);
    if (reports.length === questions.length) {
      // Google answers in the order of the requests.
      return new Map(zip(questions, reports).map(([question, found]) => [question, reportOf(question, found)]));
    }
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    // One invalid request fails the whole batch.
    return answerEach(questions, questions.length, (one) => runReport(api, accessToken, one));
  }
  throw new MalformedAnswer(NAME, 'answered a part of our questions only');
}

/** Reads up to five reports of one property in a call. */
export const readReports =
  (api: GoogleApi): Readers['analytics'] =>
  (accessToken, questions) =>
    answerGroups(
      questions,
      PROPERTIES_AT_ONCE,
      ({ account }) => account.externalId,
      async (group) => {
        const answered = chunk(group, MAX_REPORTS).map((some) =>
          runReports(api, accessToken, some).catch((error: Error) => answerAll(some, () => error)),
        );
        return new Map((await Promise.all(answered)).flatMap((answers) => [...answers]));
      },
    );
