/** What of the watching a gateway does is left in it: each includes the one before. */
export const watchingParts = ['nothing', 'logging', 'metrics', 'tracing'] as const;

export type Watching = (typeof watchingParts)[number];

const nothing = (...names: string[]) => names.map((name) => `export function ${name}() {}`).join('\n');

const METRICS = {
  'ops/runtime/telemetry/observe-cache.js': nothing('observeCacheRead', 'observeRedis'),
  'ops/runtime/telemetry/observe-errors.js': nothing('observeError'),
  'ops/runtime/telemetry/observe-http.js': nothing('observeHttpRequest', 'statusClass'),
  'ops/runtime/telemetry/observe-jobs.js': nothing('observeJob', 'watchQueue'),
  'ops/runtime/telemetry/observe-operation.js': nothing('observeFields', 'observeOperation'),
  'ops/runtime/telemetry/observe-pools.js': nothing('watchPool', 'watchDataSource'),
  'ops/runtime/telemetry/observe-process.js': nothing('watchProcess', 'nameProcess'),
  'ops/runtime/telemetry/observe-provider.js': nothing('observeProviderCall'),
  'ops/runtime/telemetry/observe-subgraph.js': nothing('observeSubgraphCall'),
};

const LOGGING = {
  'ops/runtime/logger.js': `
    const silent = () => {};
    export const createLogger = () => ({ info: silent, warn: silent, error: silent, audit: silent });`,
  'ops/runtime/request-context.js': `
    export const withRequestContext = (context, work) => work();
    ${nothing('currentRequestContext', 'noteOrganization')}`,
  'ops/runtime/watch-requests.js': `
    export const pathOf = (url) => url.split('?', 1)[0];
    ${nothing('watchRequests')}`,
  'ops/runtime/watch-outbound.js': 'export const watchOutbound = (request, attempt, logger, send) => send(request);',
  'gateway/watch-operations.js': 'export const watchOperations = () => ({});',
  'gateway/data-sources/watch-data-source.js': 'export const watchDataSource = (name, road, dataSource) => dataSource;',
};

/** Returns what stands in the modules of parts that are left out, by their place in the build. */
export function emptiedModules(watching: Watching): Record<string, string> {
  return {
    ...(watching === 'nothing' && LOGGING),
    ...((watching === 'nothing' || watching === 'logging') && METRICS),
  };
}
