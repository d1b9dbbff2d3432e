import Big from 'big.js';
import { chunk, zip } from 'es-toolkit/array';
import { z } from 'zod';
import { MalformedAnswer, TooMuchData } from '#integrations/errors.js';
import { answerAll, answerEach, answerGroups } from '#integrations/providers/answer-groups.js';
import type { GoogleApi } from '#integrations/providers/google/api.js';
import { joinRows, readPage } from '#integrations/providers/halves.js';
import { countText } from '#integrations/providers/numbers.js';
import type {
  AnalyticsQuality,
  AnalyticsReport,
  Answers,
  ReaderQuestion,
  Readers,
} from '#integrations/providers/products.js';
import { distinctRows, readRows } from '#integrations/providers/wire.js';
import { InvalidInput } from '#runtime/errors.js';
import { NAME } from './errors.js';

type AnalyticsQuestion = ReaderQuestion<'analytics'>;

const PROPERTIES_AT_ONCE = 8;

/** https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/properties/batchRunReports */
const MAX_REPORTS = 5;

/** Exact: Google may write large numbers with an exponent. */
const decimal = z
  .string()
  .regex(/^-?\d{1,40}(\.\d{1,40})?([eE][+-]?\d{1,3})?$/)
  .transform((text) => (/^-?\d+(\.\d+)?$/.test(text) ? text : new Big(text).round(6, Big.roundHalfUp).toFixed()));

const value = z.object({ value: z.string().default('') });

const dimensionValues = z.array(value).default([]);

const reportRow = z.object({
  position: z.number(),
  dimensionValues,
  metricValues: z.array(z.object({ value: decimal })).default([]),
});

const identityOfRow = z
  .object({ dimensionValues })
  .transform((row) => ({ row: row.dimensionValues.map((one) => one.value).join(' · ') }));

const report = z.object({
  metricHeaders: z.array(z.object({ name: z.string(), type: z.string().default('') })).default([]),
  rows: z.array(z.unknown()).default([]),
  rowCount: z.number().int().min(0).default(0),
  metadata: z
    .object({
      currencyCode: z.string().optional(),
      dataLossFromOtherRow: z.boolean().default(false),
      subjectToThresholding: z.boolean().default(false),
      samplingMetadatas: z
        .array(z.object({ samplesReadCount: countText.optional(), samplingSpaceSize: countText.optional() }))
        .default([]),
    })
    .default({ dataLossFromOtherRow: false, subjectToThresholding: false, samplingMetadatas: [] }),
});

const batch = z.object({ reports: z.array(report).default([]) });

const kinds: Record<string, AnalyticsReport['metrics'][number]['kind']> = {
  TYPE_INTEGER: 'count',
  TYPE_CURRENCY: 'money',
  TYPE_SECONDS: 'seconds',
};

/** Returns what values of a metric are, by Google's name of its type. */
export const kindOf = (type: string): AnalyticsReport['metrics'][number]['kind'] => kinds[type] ?? 'decimal';

type Metadata = z.output<typeof report>['metadata'];

/** https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/ResponseMetaData */
function qualityOf({ dataLossFromOtherRow, subjectToThresholding, samplingMetadatas }: Metadata): AnalyticsQuality {
  // One for each date range, of which there is one.
  const [sampling] = samplingMetadatas;
  return {
    isSampled: sampling !== undefined,
    samplesRead: sampling?.samplesReadCount ?? null,
    samplesIn: sampling?.samplingSpaceSize ?? null,
    isThresholded: subjectToThresholding,
    hasOtherRow: dataLossFromOtherRow,
  };
}

/** Google names the metrics even without rows: throws when they are others. */
function reportOf(
  { metrics, offset }: AnalyticsQuestion,
  { metricHeaders, rows, rowCount, metadata }: z.output<typeof report>,
): AnalyticsReport {
  if (metrics.join() !== metricHeaders.map(({ name }) => name).join()) {
    throw new MalformedAnswer(NAME, 'answered in an unexpected form (metricHeaders)');
  }
  const positioned = rows.map((row, index) => Object.assign(Object(row), { position: offset + index }));
  const { read, unreadable } = readRows(NAME, reportRow, positioned, identityOfRow);
  return {
    metrics: metricHeaders.map(({ name, type }) => ({ name, kind: kindOf(type) })),
    rows: distinctRows(
      read.map((row) => ({
        position: row.position,
        dimensions: row.dimensionValues.map((one) => one.value),
        metrics: row.metricValues.map((one) => one.value),
      })),
      (row) => JSON.stringify(row.dimensions),
    ),
    unreadable,
    rowCount,
    currency: metadata.currencyCode ?? null,
    quality: qualityOf(metadata),
  };
}

const requestOf = ({ range, dimensions, metrics, offset, limit }: AnalyticsQuestion) => ({
  dateRanges: [{ startDate: range.start, endDate: range.end }],
  dimensions: dimensions.map((name) => ({ name })),
  metrics: metrics.map((name) => ({ name })),
  // A total order: pages neither repeat nor miss rows.
  orderBys: [
    { metric: { metricName: metrics[0] }, desc: true },
    ...dimensions.map((dimensionName) => ({ dimension: { dimensionName } })),
  ],
  ...(offset > 0 && { offset: String(offset) }),
  limit: String(limit),
  // For limits.ts.
  returnPropertyQuota: true,
});

async function runReport(api: GoogleApi, accessToken: string, question: AnalyticsQuestion): Promise<AnalyticsReport> {
  const path = `/v1beta/properties/${question.account.externalId}:runReport`;
  const { offset, limit } = question;
  const { page: first, size } = await readPage(limit, async (rows) => {
    const part = { ...question, limit: rows };
    return reportOf(part, await api.post(accessToken, path, requestOf(part), report));
  });
  const end = Math.min(offset + limit, first.rowCount);
  if (size === limit || offset + size >= end) return first;
  const rest = await runReport(api, accessToken, { ...question, offset: offset + size, limit: end - offset - size });
  return { ...first, ...joinRows(first, rest) };
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
      const found = new Map(zip(questions, reports));
      return await answerEach(questions, 1, async (one) => reportOf(one, found.get(one) as (typeof reports)[number]));
    }
  } catch (error) {
    if (!(error instanceof InvalidInput || error instanceof TooMuchData)) throw error;
    // One request that is invalid, or too much, fails the whole batch.
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
