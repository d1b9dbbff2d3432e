import { z } from 'zod';
import { answerEach } from '#integrations/providers/answer-groups.js';
import type { GoogleApi } from '#integrations/providers/google/api.js';
import type { Readers } from '#integrations/providers/products.js';
import { kindOf } from './reports.js';

const CALLS_AT_ONCE = 8;

const text = z.string().default('');

const field = z.object({ apiName: z.string().min(1), uiName: text, description: text, category: text });

const catalogue = z.object({
  dimensions: z.array(field).default([]),
  metrics: z.array(field.extend({ type: text })).default([]),
});

const fieldOf = ({ apiName, uiName, description, category }: z.output<typeof field>) => ({
  name: apiName,
  label: uiName,
  description,
  category,
});

/**
 * Reads what a property can be asked for, its custom dimensions and metrics included.
 * https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/properties/getMetadata
 */
export const readCatalogue =
  (api: GoogleApi): Readers['analyticsCatalogue'] =>
  (accessToken, questions) =>
    answerEach(questions, CALLS_AT_ONCE, async ({ account }) => {
      const path = `/v1beta/properties/${account.externalId}/metadata`;
      const { dimensions, metrics } = await api.get(accessToken, path, new URLSearchParams(), catalogue);
      return {
        dimensions: dimensions.map(fieldOf),
        metrics: metrics.map((metric) => ({ ...fieldOf(metric), kind: kindOf(metric.type) })),
      };
    });

const named = z.object({ apiName: z.string() });

const compatibility = z.object({
  dimensionCompatibilities: z.array(z.object({ dimensionMetadata: named })).default([]),
  metricCompatibilities: z.array(z.object({ metricMetadata: named })).default([]),
});

/**
 * Reads what a dimension or a metric cannot be combined with.
 * https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/properties/checkCompatibility
 */
export const readIncompatible =
  (api: GoogleApi): Readers['analyticsIncompatible'] =>
  (accessToken, questions) =>
    answerEach(questions, CALLS_AT_ONCE, async ({ account, dimension, metric }) => {
      const path = `/v1beta/properties/${account.externalId}:checkCompatibility`;
      const request = {
        ...(dimension && { dimensions: [{ name: dimension }] }),
        ...(metric && { metrics: [{ name: metric }] }),
        compatibilityFilter: 'INCOMPATIBLE',
      };
      const found = await api.post(accessToken, path, request, compatibility);
      return [
        ...found.dimensionCompatibilities.map(({ dimensionMetadata }) => dimensionMetadata.apiName),
        ...found.metricCompatibilities.map(({ metricMetadata }) => metricMetadata.apiName),
      ];
    });
