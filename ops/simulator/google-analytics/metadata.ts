import { areCompatible, checkReport, coreOthers } from './check-report.js';
import { type Dimension, dimensions } from './dimensions.js';
import { fieldsOf } from './filter.js';
import { type Metric, metrics } from './metrics.js';
import type { CompatibilityRequest } from './report-request.js';

/** Returns a property's dimensions and metrics. */
export function metadataOf(propertyId: string) {
  return {
    name: `properties/${propertyId}/metadata`,
    dimensions: Object.entries(dimensions).map(printDimension),
    metrics: Object.entries(metrics).map(printMetric),
  };
}

/** Returns the fields compatible with a report. */
export function checkCompatibility(request: CompatibilityRequest) {
  checkReport(request, { dimensions, metrics, others: coreOthers });
  const chosen = [...request.dimensions.map(({ name }) => name), ...fieldsOf(request.dimensionFilter)].flatMap(
    (name) => dimensions[name] ?? [],
  );
  const measured = request.metrics.flatMap(({ name }) => metrics[name] ?? []);
  const isWanted = ({ compatibility }: { compatibility: string }) =>
    ['COMPATIBILITY_UNSPECIFIED', compatibility].includes(request.compatibilityFilter);
  const word = (fits: boolean) => (fits ? 'COMPATIBLE' : 'INCOMPATIBLE');
  return {
    dimensionCompatibilities: Object.entries(dimensions)
      .map(([name, dimension]) => ({
        dimensionMetadata: printDimension([name, dimension]),
        compatibility: word(measured.every((metric) => areCompatible(dimension, metric))),
      }))
      .filter(isWanted),
    metricCompatibilities: Object.entries(metrics)
      .map(([name, metric]) => ({
        metricMetadata: printMetric([name, metric]),
        compatibility: word(chosen.every((dimension) => areCompatible(dimension, metric))),
      }))
      .filter(isWanted),
  };
}

function printDimension([apiName, { uiName, category }]: [string, Dimension]) {
  return { apiName, uiName, description: `${uiName} of what was measured.`, category };
}

function printMetric([apiName, { uiName, category, type }]: [string, Metric]) {
  return { apiName, uiName, description: `${uiName} of what was measured.`, type, category };
}
