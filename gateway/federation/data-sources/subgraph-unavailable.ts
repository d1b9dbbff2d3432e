import type { DegradedReason } from '#gateway/context.js';
import { AppError, type AppErrorOptions } from '#runtime/errors.js';

const MESSAGES: Record<Exclude<DegradedReason, 'SERVICE_UNAVAILABLE'>, string> = {
  UNREACHABLE: 'cannot be reached',
  TIMEOUT: 'did not answer in time',
  CIRCUIT_OPEN: 'failed several times in a row and is not asked for now',
  OVERLOADED: 'has too many requests waiting',
  INVALID_ANSWER: 'answered without a GraphQL response',
};

/** A subgraph has not answered: SUBGRAPH_UNAVAILABLE. */
export class SubgraphUnavailable extends AppError {
  readonly subgraph: string;
  readonly reason: DegradedReason;
  /** Whether it says something of the subgraph, and not of the request or its client. */
  readonly isFailure: boolean;

  constructor(subgraph: string, reason: keyof typeof MESSAGES, options: AppErrorOptions = {}, isFailure = true) {
    super(`The subgraph ${subgraph} ${MESSAGES[reason]}.`, 'SUBGRAPH_UNAVAILABLE', options);
    this.subgraph = subgraph;
    this.reason = reason;
    this.isFailure = isFailure;
  }
}
