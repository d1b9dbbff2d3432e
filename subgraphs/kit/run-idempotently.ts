import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { UnexpectedErrors } from '#runtime/alerts/unexpected-errors.js';
import { deriveKey } from '#runtime/config/secrets.js';
import { type ErrorCode, errorCodes } from '#runtime/error-codes.js';
import { formatError } from '#runtime/format-error.js';
import { createIdempotencyKeys, type IdempotencyKeys, KEYS_PER_DAY } from '#runtime/idempotency/idempotency-keys.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import { currentScope, withScope } from '#runtime/scope/scope.js';
import { Sealer } from '#runtime/sealing/crypto.js';
import type { Services } from '#runtime/services.js';
import type { SubgraphName } from '#schema/type-definitions.js';
import type { Executor, SubgraphResponse } from './executor.js';

const MUTATION = /^\s*mutation\b/;
const NOT_CACHEABLE = { maxAge: 0, scope: 'PRIVATE' } as const;

/** Returns the idempotency keys for one subgraph, sealed with a key of its own. */
export function openIdempotencyKeys(services: Services, name: SubgraphName): IdempotencyKeys {
  const { operations, requestLimits, secrets, now } = services;
  const sealer = Sealer.whenUsed(() => {
    const [current, ...previous] = secrets.keysOf(name);
    const derive = (secret: string) => Buffer.from(deriveKey(secret, 'webmetrics idempotency keys'), 'base64url');
    return [derive(current), ...previous.map(derive)];
  });
  return createIdempotencyKeys({ operations, sealer, limit: requestLimits.open(KEYS_PER_DAY), now });
}

/** Returns whose key it is; undefined for callers whose keys are ignored: anonymous ones, and WebMetrics itself. */
function callerOf({ kind, userId, apiKeyId, organizationId }: Identity): string | undefined {
  const id = kind === 'user' ? userId : kind === 'apiKey' ? apiKeyId : undefined;
  return id && `${kind} ${id} ${organizationId ?? 'without organization'}`;
}

const accountOf = ({ kind, organizationId }: Identity, caller: string) =>
  kind === 'apiKey' ? `keys:${organizationId}` : caller;

const rightsOf = ({ role, rights, scopes, mustSetUpTwoFactor, clientIds }: Identity) =>
  JSON.stringify([role, scopes, mustSetUpTwoFactor, clientIds, ...(rights ?? [])]);

/** Whether a mutation was refused before it changed anything, by its rule or its service. */
function isRefusal({ path, extensions }: GraphQLFormattedError): boolean {
  const { status } = errorCodes[extensions?.code as ErrorCode] ?? { status: 500 };
  return status < 500 && (path?.length ?? 0) <= 1;
}

/** Whether the field of the mutation itself failed: errors below it leave its effect. */
const isFailure = ({ path }: GraphQLFormattedError) => (path?.length ?? 0) <= 1;

/**
 * Returns an executor that runs a mutation with an idempotency key once, and answers the same request of the same caller
 * with the same answer for a day. What was refused may be sent again.
 */
export function runIdempotently(
  execute: Executor,
  keys: IdempotencyKeys,
  logger: Logger,
  unexpected?: UnexpectedErrors,
): Executor {
  return async (request, identity, reads) => {
    const { idempotency, organizationId } = identity;
    const caller = callerOf(identity);
    if (!idempotency || !caller || !MUTATION.test(request.query)) {
      return execute(request, identity, reads);
    }
    const refuse = (error: Error): SubgraphResponse => ({
      data: null,
      errors: [
        formatError(new GraphQLError(error.message, { originalError: error }), identity.requestId, logger, unexpected),
      ],
      cachePolicy: NOT_CACHEABLE,
    });
    const { key } = idempotency;
    // Rights that have changed are not those of the answer.
    const wanted = `${idempotency.request} ${rightsOf(identity)}`;
    const account = accountOf(identity, caller);
    const begun = await keys
      .begin({ caller, account, organizationId, key, request: wanted })
      .catch((error: Error) => error);
    if (begun instanceof Error) return refuse(begun);
    if ('answer' in begun) return { ...JSON.parse(begun.answer), isReplayed: true, cachePolicy: NOT_CACHEABLE };
    const scope = { ...currentScope(), effect: begun.effect };
    const settle = (settled: Promise<void>) =>
      settled.catch((err) =>
        logger.error({ err, key }, 'The answer to a mutation with an idempotency key is not stored'),
      );
    const response = await withScope(scope, () => execute(request, identity)).catch(async (error) => {
      await settle(begun.fail());
      throw error;
    });
    const { data, errors = [], accessToken } = response;
    if (errors.some(isRefusal)) await settle(begun.release());
    else if (errors.some(isFailure)) await settle(begun.fail());
    else await settle(begun.finish(JSON.stringify({ data, ...(errors.length > 0 && { errors }), accessToken })));
    return response;
  };
}
