import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import type { GatewayContext } from '#gateway/context.js';
import type { Admission } from '#gateway/graph/admit-request.js';
import { createPersistedQueryStore, type PersistedQueryStore } from '#gateway/graph/document-store.js';
import type { RequireOperator } from '#gateway/identity/operator.js';
import type { BaseServices } from '#runtime/services.js';
import { readDocuments } from './read-documents.js';
import { runAdmittedDocuments, trustDocuments } from './trust-documents.js';
import { UntrustedDocuments } from './untrusted-documents.js';
import { untrustedDocumentsRoute } from './untrusted-route.js';

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

/** Reads the manifests of this installation. Throws ConfigurationError. */
export function openDocuments({ config, logger, now }: Pick<BaseServices, 'config' | 'logger' | 'now'>): Documents {
  const { mode, paths } = config.traffic.trustedDocuments;
  const documents = readDocuments(paths);
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
