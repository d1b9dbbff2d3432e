import { invalidArgument } from '#simulator/google/errors.js';
import { NotSimulated } from '#simulator/not-simulated.js';
import type { Dimension } from './dimensions.js';
import { fieldsOf } from './filter.js';
import type { Metric } from './metrics.js';
import type { FilterExpression, OrderBy } from './report-request.js';

const SCHEMA = 'https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema';
/** Names of core reports, in Google's list or defined by an installation, that are not simulated. */
export const coreOthers = {
  dimensions:
    /^(?:customEvent|customUser|customItem|sessionCustomChannelGroup|firstUserCustomChannelGroup):|^(?:achievementId|ad(?:FormatName|SourceName|UnitName)|appVersion|audience(?:Id|Name|ResourceName)|brandingInterest|browser|campaign(?:Id|Name)|character|cityId|cohort(?:NthDay|NthMonth|NthWeek)?|content(?:Group|Id|Type)|continent(?:Id)?|countryId|currencyCode|dateHour(?:Minute)?|day|dayOfWeek(?:Name)?|default\w+|fileExtension|fileName|firstSessionDate|firstUser\w+|fullPageUrl|googleAds\w+|groupId|hostName|hour|is\w+|item\w+|language(?:Code)?|level|link\w+|manual\w+|medium|method|minute|mobile\w+|month|newVsReturning|nth\w+|operatingSystem\w*|orderCoupon|outbound|page\w+|percentScrolled|platform\w*|region|screenResolution|searchTerm|session\w+|shippingTier|signedInWithUserId|source\w*|streamId|streamName|testDataFilter\w+|transactionId|unifiedP\w+|unifiedScreen\w+|user(?:AgeBracket|Gender)|video\w+|virtualCurrencyName|visible|week|year\w*)$/,
  metrics:
    /^(?:active\d+DayUsers|adUnitExposure|addToCarts|advertiser\w+|average\w+|bounceRate|cartToViewRate|checkouts|cohort\w+|conversions\w*|crash\w+|dauPer\w+|eventCountPerUser|eventsPerSession|eventValue|first\w+|gross\w+|item\w+|keyEvents\w*|organicGoogle\w+|promotion\w+|publisher\w+|purchase\w*|refundAmount|returnOnAdSpend|screenPageViewsPer\w+|scrolledUsers|session\w*|shippingAmount|taxAmount|total\w+|transactions\w*|user\w+|wauPer\w+)(?::\w+)?$/,
};

const MAX_DIMENSIONS = 9;
const MAX_METRICS = 10;

/** Dimensions and metrics of core or realtime reports. */
export interface Catalogue {
  dimensions: Readonly<Record<string, Dimension>>;
  metrics: Readonly<Record<string, Metric>>;
  /** Names at Google that are not simulated. */
  others?: { dimensions: RegExp; metrics: RegExp };
}

interface RequestedFields {
  dimensions: { name: string }[];
  metrics: { name: string }[];
  dimensionFilter?: FilterExpression | undefined;
  metricFilter?: FilterExpression | undefined;
  orderBys?: OrderBy[];
}

/** Throws unless every field exists, is requested once, and all are compatible. */
export function checkReport(table: RequestedFields, catalogue: Catalogue): void {
  const dimensionNames = table.dimensions.map(({ name }) => name);
  const metricNames = table.metrics.map(({ name }) => name);
  checkNumber('dimensions', dimensionNames.length, MAX_DIMENSIONS);
  checkNumber('metrics', metricNames.length, MAX_METRICS);
  checkTwice('dimension', dimensionNames);
  checkTwice('metric', metricNames);
  for (const name of [...dimensionNames, ...fieldsOf(table.dimensionFilter)]) checkDimension(name, catalogue);
  for (const name of metricNames) checkMetric(name, catalogue);
  for (const name of fieldsOf(table.metricFilter)) {
    checkMetric(name, catalogue);
    if (!metricNames.includes(name)) throw invalidArgument(`The metric ${name} in metricFilter is not in metrics.`);
  }
  for (const order of table.orderBys ?? []) checkOrder(order, dimensionNames, metricNames);
  checkCompatible([...dimensionNames, ...fieldsOf(table.dimensionFilter)], metricNames, catalogue);
}

/** Whether a dimension and a metric are compatible. */
export function areCompatible(dimension: Dimension, metric: Metric): boolean {
  return dimension.fitsAds || !metric.isOfAds;
}

function checkNumber(what: string, count: number, max: number): void {
  if (count > max) throw invalidArgument(`This request has ${count} ${what}, but requests are limited to ${max}.`);
}

function checkTwice(what: string, names: string[]): void {
  const twice = names.find((name, n) => names.indexOf(name) < n);
  if (twice !== undefined) throw invalidArgument(`The ${what} ${twice} is in the request more than once.`);
}

function checkDimension(name: string, { dimensions, others }: Catalogue): void {
  if (name === 'dateRange' || Object.hasOwn(dimensions, name)) return;
  if (others?.dimensions.test(name)) throw new NotSimulated(`the dimension ${name}`);
  throw invalidArgument(
    `Field ${name} is not a valid dimension. For a list of valid dimensions and metrics, see ${SCHEMA}`,
  );
}

function checkMetric(name: string, { metrics, others }: Catalogue): void {
  if (Object.hasOwn(metrics, name)) return;
  if (others?.metrics.test(name)) throw new NotSimulated(`the metric ${name}`);
  throw invalidArgument(
    `Field ${name} is not a valid metric. For a list of valid dimensions and metrics, see ${SCHEMA}`,
  );
}

function checkOrder({ metric, dimension }: OrderBy, dimensionNames: string[], metricNames: string[]): void {
  if ((metric === undefined) === (dimension === undefined)) {
    throw invalidArgument('Each orderBy must have exactly one of metric and dimension.');
  }
  if (metric && !metricNames.includes(metric.metricName)) {
    throw invalidArgument(`The orderBy metric ${metric.metricName} is not in metrics.`);
  }
  if (dimension && dimension.dimensionName !== 'dateRange' && !dimensionNames.includes(dimension.dimensionName)) {
    throw invalidArgument(`The orderBy dimension ${dimension.dimensionName} is not in dimensions.`);
  }
}

function checkCompatible(dimensionNames: string[], metricNames: string[], catalogue: Catalogue): void {
  for (const name of metricNames) {
    const metric = catalogue.metrics[name];
    const bad = dimensionNames.find((one) => {
      const dimension = catalogue.dimensions[one];
      return dimension && metric && !areCompatible(dimension, metric);
    });
    if (bad === undefined) continue;
    throw invalidArgument(
      `Please remove ${bad} to make the request compatible. The request's dimensions & metrics are incompatible. To learn more, see https://ga-dev-tools.google/ga4/dimensions-metrics-explorer/`,
    );
  }
}
