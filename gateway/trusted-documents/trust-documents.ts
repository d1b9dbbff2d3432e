import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyRequest } from 'fastify';
import type { GatewayContext } from '#gateway/context.js';
import type { Admission } from '#gateway/graph/admit-request.js';
import { clientNameOf } from '#gateway/http/client-of.js';
import { presentedOperation } from '#gateway/limits/presented.js';
import { AppError } from '#runtime/errors.js';
import type { Logger } from '#runtime/log/logger.js';
import { observeUntrusted } from '#runtime/telemetry/observe-clients.js';
import { hashOf } from './manifest.js';
import type { TrustedDocuments } from './read-documents.js';
import { type RequestedDocument, requestedDocument } from './requested-document.js';
import type { UntrustedDocuments } from './untrusted-documents.js';

/** Whether documents that are in no manifest run: `report` runs and counts them. */
export type TrustMode = 'off' | 'report' | 'require';

export interface TrustOptions {
  mode: TrustMode;
  documents: TrustedDocuments;
  untrusted: UntrustedDocuments;
  /** Returns the text of a persisted query; undefined = it is not known. */
  persistedText(id: string): string | undefined;
  logger: Logger;
  now(): Date;
}

const REFUSAL =
  'This installation runs known operations only, and this is none of them: send one of the manifest of your client, with the ' +
  'name of the client in "client-name".';

const UNTRUSTED = { purpose: 'untrusted document', texts: [] };

/** Returns the hash by which a document is known; undefined for a request without one, which Apollo refuses. */
const hashIn = ({ text, id }: RequestedDocument) => (text === undefined ? id : hashOf(text));

/**
 * Returns an admission that refuses documents of clients that are in no manifest of theirs, or only reports them. They are not
 * parsed. WebMetrics' own services run what they want.
 */
export function trustDocuments(admission: Admission, options: TrustOptions): Admission {
  const { mode, documents, untrusted, persistedText, logger, now } = options;
  const admitted = new WeakMap<FastifyRequest, string | undefined>();

  function report(request: FastifyRequest, document: RequestedDocument, hash: string): void {
    const { name, version } = clientNameOf(request) ?? {};
    const { kind } = request.identity;
    const isSignedIn = kind === 'user' || kind === 'apiKey';
    const { text, operationName } = document;
    const outcome = mode === 'require' ? 'refused' : 'reported';
    observeUntrusted({ client: name, isSignedIn, outcome });
    const added = untrusted.count({ client: name, operationName, text, hash, isSignedIn }, now());
    if (!added) return;
    const { operation } = added;
    logger.warn({ client: name, version, operation, hash, outcome }, 'A document is in no manifest of its client');
  }

  return {
    admit: async (request, reply, present) => {
      const document = requestedDocument(request);
      const { id, operationName, variables } = document;
      const text = document.text ?? (id === undefined ? undefined : persistedText(id));
      const hash = mode === 'off' ? undefined : hashIn(document);
      const isTrusted = hash === undefined || documents.isTrusted(hash, clientNameOf(request)?.name);
      // What a persisted query is for is in its text.
      const presentText = () =>
        document.text === undefined && text !== undefined
          ? presentedOperation({ method: 'POST', query: {}, body: { query: text, operationName, variables } })
          : present();
      await admission.admit(request, reply, isTrusted || mode !== 'require' ? presentText : () => UNTRUSTED);
      if (!isTrusted && hash !== undefined && request.identity.kind !== 'service') {
        report(request, document, hash);
        if (mode === 'require') throw new AppError(REFUSAL, 'DOCUMENT_NOT_TRUSTED');
      }
      admitted.set(request, text);
    },
    contextOf: (request) => ({ ...admission.contextOf(request), admittedDocument: admitted.get(request) }),
  };
}

/** Refuses a document that was not the one admitted, should Apollo ever read another one from a request. */
export const runAdmittedDocuments: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async () => ({
    didResolveSource: async ({ source, contextValue: { identity, isTrusted, admittedDocument } }) => {
      if (isTrusted || identity.kind === 'service' || source === admittedDocument) return;
      throw new Error('The document to be run is not the one that was admitted.');
    },
  }),
};
