import type { WatchedParts } from '#ops/bench/operations/watching-switch.js';

/** Replaces a module's source, or is appended to it. */
export interface SwitchedSource {
  instead?: string;
  behind?: string;
}

/** Loads the original module under another URL. */
const ITSELF = '?itself';

const METRICS = {
  'ops/runtime/telemetry/observe-cache.js': ['observeCacheRead', 'observeRedis'],
  'ops/runtime/telemetry/observe-calls.js': ['observeProviderCall', 'observeSubgraphCall'],
  'ops/runtime/telemetry/observe-clients.js': ['observeClient', 'observeUntrusted'],
  'ops/runtime/telemetry/observe-http.js': ['observeHttpRequest'],
  'ops/runtime/telemetry/observe-jobs.js': ['observeJob'],
  'ops/runtime/telemetry/observe-operation.js': ['observeError', 'observeFields', 'observeOperation'],
};

const LOGGING = {
  'ops/runtime/log/logger.js': `
    export const createLogger = (options) => {
      const logger = itself.createLogger(options);
      const at = (level) => (...line) => { if (watched.logging) logger[level](...line); };
      return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), audit: at('audit') };
    };`,
  'ops/runtime/http/watch-outbound.js': `
    export const watchOutbound = (request, attempt, logger, send) =>
      watched.logging ? itself.watchOutbound(request, attempt, logger, send) : send(request);`,
  'gateway/graph/watch-operations.js': `
    export const watchOperations = () => {
      const plugin = itself.watchOperations();
      const nobody = Promise.resolve(undefined);
      return { requestDidStart: (request) => (watched.logging ? plugin.requestDidStart(request) : nobody) };
    };`,
  'gateway/graph/watch-clients.js': `
    export const watchClients = () => {
      const plugin = itself.watchClients();
      const nobody = Promise.resolve(undefined);
      return { requestDidStart: (request) => (watched.logging ? plugin.requestDidStart(request) : nobody) };
    };`,
  'gateway/federation/data-sources/watch-data-source.js': `
    export const watchDataSource = (name, transport, bare) => {
      const watching = itself.watchDataSource(name, transport, bare);
      const current = () => (watched.logging ? watching : bare);
      return {
        process: (options) => current().process(options),
        execute: (request, context) => current().execute(request, context),
      };
    };`,
  'ops/runtime/scope/request-context.js': `
    export const withRequestContext = (context, work, signal) =>
      watched.logging ? itself.withRequestContext(context, work, signal) : work();`,
  'ops/runtime/http/watch-requests.js': `
    export const watchRequests = (app, server, logger) => {
      const addHook = (name, hook) =>
        app.addHook(name, (request, reply, done) => (watched.logging ? hook(request, reply, done) : done()));
      itself.watchRequests({ decorateRequest: (...given) => app.decorateRequest(...given), addHook }, server, logger);
    };`,
};

/** Appended. Node follows every promise until a storage is disabled. */
const BEHIND = {
  'ops/runtime/scope/scope.js':
    'onWatching(({ following }) => (following ? storage.run(NOTHING, () => {}) : storage.disable()));',
  'ops/runtime/scope/spans.js': `
    let switchedOff;
    onWatching(({ tracing }) => {
      switchedOff ??= tracer;
      tracer = tracing ? switchedOff : undefined;
    });`,
};

function silenced(part: keyof WatchedParts, names: readonly string[]): string {
  const lines = names.map(
    (name) => `export const ${name} = (...given) => { if (watched.${part}) itself.${name}(...given); };`,
  );
  return lines.join('\n');
}

/** Returns the switched sources by URL, given the URL of the build folder. */
export function switchedSources(build: URL): Map<string, SwitchedSource> {
  const switches = new URL('ops/bench/operations/watching-switch.js', build).href;
  const sources = new Map<string, SwitchedSource>();
  const put = (path: string, text: string) => {
    const { href } = new URL(path, build);
    const lines = [
      `import { watched } from '${switches}';`,
      `import * as itself from '${href}${ITSELF}';`,
      `export * from '${href}${ITSELF}';`,
      text,
    ];
    sources.set(href, { instead: lines.join('\n') });
  };
  for (const [path, names] of Object.entries(METRICS)) put(path, silenced('metrics', names));
  for (const [path, text] of Object.entries(LOGGING)) put(path, text);
  for (const [path, text] of Object.entries(BEHIND)) {
    sources.set(new URL(path, build).href, { behind: `import { onWatching } from '${switches}';\n${text}` });
  }
  return sources;
}
