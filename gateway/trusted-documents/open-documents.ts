import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import type { GatewayContext } from '#gateway/context.js';
import type { Admission } from '#gateway/graph/admit-request.js';
import { createPersistedQueryStore, type PersistedQueryStore } from '#gateway/graph/document-store.js';
import type { RequireOperator } from '#gateway/identity/operator.js';
import { projectRoot } from '#runtime/process/project-root.js';
import type { BaseServices } from '#runtime/services.js';
import { readDocuments } from './read-documents.js';
import { runAdmittedDocuments, trustDocuments } from './trust-documents.js';
import { UntrustedDocuments } from './untrusted-documents.js';
import { untrustedDocumentsRoute } from './untrusted-route.js';

/** The build writes the manifest of the dashboard here. */
const DASHBOARD = join(projectRoot, 'dist', 'gateway', 'dashboard', 'page', 'documents.json');

/** The documents of clients: persisted queries, and those of manifests. */
export interface Documents {
  persistedQueries: PersistedQueryStore;
  /** Of the operations in manifests. */
  texts: ReadonlySet<string>;
  plugins: ApolloServerPlugin<GatewayContext>[];
  /** Returns the admission of requests at `/graphql`. */
  trust(admission: Admission): Admission;
  openRoute(app: FastifyInstance, requireOperator: RequireOperator): void;
}

/** Reads the manifests of this installation and, where documents are checked, that of its dashboard. Throws ConfigurationError. */
export function openDocuments({ config, logger, now }: Pick<BaseServices, 'config' | 'logger' | 'now'>): Documents {
  const { mode, paths } = config.traffic.trustedDocuments;
  const ofDashboard = mode !== 'off' && config.hasDashboard && existsSync(DASHBOARD) ? [DASHBOARD] : [];
  const documents = readDocuments([...paths, ...ofDashboard]);
  const untrusted = new UntrustedDocuments();
  const persistedQueries = createPersistedQueryStore(documents.textOf);
  if (paths.length > 0)
    logger.info({ mode, documents: documents.texts.size }, 'Read the manifests of trusted documents');
  const { textOf: persistedText } = persistedQueries;
  const since = now();
  return {
    persistedQueries,
    texts: documents.texts,
    plugins: mode === 'require' ? [runAdmittedDocuments] : [],
    trust: (admission) => trustDocuments(admission, { mode, documents, untrusted, persistedText, logger, now }),
    openRoute: (app, requireOperator) => untrustedDocumentsRoute(app, requireOperator, mode, untrusted, since),
  };
}
