import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GatewayContext } from '#gateway/context.js';
import type { Demo } from '#gateway/demo/demo.js';
import { eventRoutes } from '#gateway/events/open-events.js';
import { serveExplorer } from '#gateway/explorer/serve-explorer.js';
import type { Federation } from '#gateway/federation/open-federation.js';
import { createAdmission } from '#gateway/graph/admit-request.js';
import { createRunOperation } from '#gateway/graph/run-operation.js';
import { serveGraph } from '#gateway/graph/serve-graph.js';
import { limits as operationLimits } from '#gateway/graph/size-limits.js';
import { isFromThisMachine } from '#gateway/http/is-from-this-machine.js';
import type { GatewayIdentity } from '#gateway/identity/open-identity.js';
import { allowMetrics, type Operators } from '#gateway/identity/operator.js';
import { createRecordOperatorAction } from '#gateway/identity/record-operator-action.js';
import type { LimitCredentials } from '#gateway/limits/limit-requests.js';
import type { Limits } from '#gateway/limits/open-limits.js';
import { shedLoad } from '#gateway/limits/shed-load.js';
import { serveMcp } from '#gateway/mcp/serve-mcp.js';
import { openApiRoutes } from '#gateway/openapi/openapi-routes.js';
import { startRoutes } from '#gateway/pages/start-routes.js';
import { restRoutes } from '#gateway/rest/open-rest.js';
import type { Documents } from '#gateway/trusted-documents/open-documents.js';
import { healthRoute } from '#runtime/health/health-route.js';
import type { Readiness } from '#runtime/health/readiness.js';
import { readyRoute } from '#runtime/health/ready-route.js';
import type { BaseServices } from '#runtime/services.js';
import { metricsRoute } from '#runtime/telemetry/metrics-route.js';
import { auditCsvRoute } from './audit-csv.js';
import { brandingLogoRoutes } from './branding-logo.js';
import { dashboardRoutes } from './dashboard.js';
import { jobConsoleRoute } from './job-console.js';
import { mailEventsRoute } from './mail-events.js';
import { mailLinkRoutes } from './mail-links.js';
import { createCollectPersonalData, myDataRoute } from './my-data.js';
import { oauthCallbackRoute } from './oauth-callback.js';
import { oauthCompleteRoute } from './oauth-complete.js';
import { oauthReconnectRoute } from './oauth-reconnect.js';
import { createSendReportFile, reportFileRoutes } from './report-files.js';
import { sharedReportRoutes } from './shared-report.js';
import { createInstallationReporter, statusRoute } from './status.js';
import { stripeWebhookRoute } from './stripe-webhook.js';

export interface RouteOptions {
  federation: Federation;
  identity: GatewayIdentity;
  limits: Limits;
  documents: Documents;
  apollo: ApolloServer<GatewayContext>;
  readiness: Readiness;
  demo?: Demo;
}

function countWrongCredentials(operators: Operators, limitCredentials: LimitCredentials): Operators {
  const { require } = operators;
  return {
    ...operators,
    require: (authorization, requestId, address) => {
      const check = () => require(authorization, requestId);
      return authorization && address ? limitCredentials(address, check) : check();
    },
  };
}

/** Adds every route of the gateway. */
export function openRoutes(app: FastifyInstance, base: BaseServices, options: RouteOptions): void {
  const { federation, identity, limits, documents, apollo, readiness, demo } = options;
  const { config, internalSigner, lifecycle, logger, now, publicUrl, requestLimits } = base;
  const { authenticate, authenticateForSetUp, readSession } = identity;
  const operators = countWrongCredentials(identity.operators, limits.credentials);
  const { local, probes, queue, subgraph } = federation;
  const limit = limits.route;

  const demoFor = (request: FastifyRequest) => (isFromThisMachine(request) ? demo?.account() : undefined);
  const sendPage = serveExplorer(app, { config, now, demoFor });
  const run = createRunOperation(apollo);
  const limitRequests = limits.requests;
  const takeTurn = shedLoad(app, base);
  // Of files and streams, which take long and little.
  const admission = createAdmission(authenticateForSetUp, { limitRequests });
  const admissionInTurn = createAdmission(authenticateForSetUp, { limitRequests, takeTurn });
  serveGraph(app, apollo, documents.trust(admissionInTurn), { sendPage, bodyLimit: operationLimits.operationBytes });

  const sendDashboard = config.hasDashboard ? dashboardRoutes(app, { demoFor }) : undefined;
  startRoutes(app, { config, publicUrl, demoFor, sendDashboard });
  healthRoute(app, config.environment);
  readyRoute(app, readiness);
  metricsRoute(app, allowMetrics(config, operators));
  statusRoute(app, createInstallationReporter(base, probes, readiness, requestLimits), operators);
  documents.openRoute(app, operators.require);
  const record = createRecordOperatorAction(subgraph('auth'), logger);
  jobConsoleRoute(app, { requireOperator: operators.require, queue, record, logger });

  openApiRoutes(app, { publicUrl: config.publicUrl, limit });

  mailLinkRoutes(app, { auth: subgraph('auth'), reporting: subgraph('reporting') }, limit);
  mailEventsRoute(app, { token: config.mail.bounceToken, queue });
  stripeWebhookRoute(app, subgraph('billing'));
  const consent = { auth: subgraph('auth'), integrations: subgraph('integrations') };
  oauthCallbackRoute(app, consent, limit);
  oauthCompleteRoute(app, consent, limit);
  oauthReconnectRoute(app, subgraph('integrations'), limit);

  const reporting = subgraph('reporting');
  const sendReportFile = createSendReportFile(reporting);
  reportFileRoutes(app, { send: sendReportFile, admission, internalSigner, readSession, limit });
  sharedReportRoutes(app, { reporting, publicUrl, requestLimits, sendFile: sendReportFile });
  brandingLogoRoutes(app, { admission, reporting });
  auditCsvRoute(app, { auth: subgraph('auth'), limit });
  if (config.hasMcp) {
    const ofAgents = createAdmission(authenticate, { limitRequests, takeTurn });
    serveMcp(app, base, { admission: ofAgents, run, auth: subgraph('auth') });
  }
  restRoutes(app, { run, admission: admissionInTurn, publicUrl: base.publicUrl, sendReportFile });
  eventRoutes(app, { run, admission, lifecycle, logger });
  myDataRoute(app, { internalSigner, readSession, collect: createCollectPersonalData(base, local), limit });
}
