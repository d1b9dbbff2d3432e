import type { EntitySubscriberInterface } from 'typeorm';
import type { TransactionCommitEvent } from 'typeorm/subscriber/event/TransactionCommitEvent.js';
import { currentScope } from '#runtime/scope/scope.js';

/** Lets each transaction record the effect it is a part of, as a mutation with an idempotency key. */
export class EffectSubscriber implements EntitySubscriberInterface {
  async beforeTransactionCommit({ queryRunner }: TransactionCommitEvent): Promise<void> {
    await currentScope().effect?.record(queryRunner);
  }
}
