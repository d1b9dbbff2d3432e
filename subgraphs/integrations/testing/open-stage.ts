import { randomUUID } from 'node:crypto';
import { integrations } from '#integrations/index.js';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { openTestServices, type TestServicesOptions } from '#ops/testing/test-services.js';
import type { AtomicStore } from '#runtime/cache/atomic-store.js';
import type { Environment } from '#runtime/config/config.js';
import type { Identity, Role } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { type Decision, type SimulatedProviders, startSimulatedProviders } from './simulated-providers.js';

const AUTHORIZE = /* GraphQL */ `
  mutation ($id: ID!, $returnTo: String) {
    authorizeConnection(providerId: $id, returnTo: $returnTo) { authorizeUrl expiresAt }
  }
`;

const RECEIVE = /* GraphQL */ `
  mutation ($providerId: ID!, $state: String!, $code: String, $error: String) {
    receiveConsent(providerId: $providerId, state: $state, code: $code, error: $error) {
      consent { provider { name } organizationId userId }
      completionCode
      error
      returnTo
    }
  }
`;

const COMPLETE = /* GraphQL */ `
  mutation ($code: String!) {
    completeConnection(code: $code) {
      connection {
        id
        provider { id name }
        status
        reason
        grantedBy
        scopes
        expiresAt
        accounts { id externalId name currency timeZone status }
      }
    }
  }
`;

export interface Answer {
  data: any;
  errors: any[];
  /** Of the first error. */
  code: string | undefined;
}

/** The subgraph with a database, a simulator and a clock of its own. */
export interface Stage {
  services: Services;
  subgraph: RunningSubgraph;
  simulated: SimulatedProviders;
  clock: { now: Date; advanceSeconds(seconds: number): void };
  ask(identity: Identity, query: string, variables?: Record<string, unknown>): Promise<Answer>;
  authorize(identity: Identity, providerId: string, returnTo?: string): Promise<string>;
  /** Takes a redirect as the gateway's callback route does. */
  receive(providerId: string, callback: Record<string, string>): Promise<Answer>;
  /** Completes a consent by its completion code. */
  complete(identity: Identity, code: string): Promise<Answer>;
  /** Takes a redirect and completes the consent. */
  finish(identity: Identity, providerId: string, callback: Record<string, string>): Promise<Answer>;
  /** Authorizes, consents and completes; returns the connection. */
  connect(identity: Identity, providerId: string, decision?: Decision): Promise<any>;
  /** Opens the same database again, with other settings or without the simulator. */
  reopen(
    environment: Environment,
    withoutSimulator?: boolean,
  ): Promise<{ subgraph: RunningSubgraph; ask: Stage['ask'] }>;
  /** Forgets answers of providers, and what is known of their limits and failures. */
  forgetAnswers(): Promise<void>;
  close(): Promise<void>;
}

/** A user in an organization of their own. */
export function someone(role: Role = 'OWNER', organizationId: string = randomUUID()): Identity {
  return { kind: 'user', userId: randomUUID(), organizationId, role, scopes: [], requestId: 'test' };
}

export const aService: Identity = { kind: 'service', scopes: [], requestId: 'test' };

const askOf =
  (subgraph: RunningSubgraph): Stage['ask'] =>
  async (identity, query, variables = {}) => {
    const { data, errors = [] } = await subgraph.execute({ query, variables }, identity);
    return { data, errors, code: errors[0]?.extensions?.code as string | undefined };
  };

export async function openStage({ isSold }: Pick<TestServicesOptions, 'isSold'> = {}): Promise<Stage> {
  const clock = {
    now: new Date(),
    advanceSeconds(seconds: number) {
      this.now = new Date(this.now.getTime() + seconds * 1000);
    },
  };
  const now = () => clock.now;
  const simulated = await startSimulatedProviders(now);
  const opened = await openTestServices({ now, simulatorUrl: simulated.url, isSold });
  // Atomic stores cannot be emptied: those of a new generation are empty.
  let generation = 0;
  const atomicStore = (name: string): AtomicStore => {
    const store = opened.cache.atomicStore(name);
    return {
      read: (key) => store.read(`${generation} ${key}`),
      update: (key, update) => store.update(`${generation} ${key}`, update),
    };
  };
  const services = { ...opened, cache: { ...opened.cache, atomicStore } };
  const subgraph = await integrations.open(services);

  const ask = askOf(subgraph);
  const authorize: Stage['authorize'] = async (identity, id, returnTo) => {
    const { data, errors } = await ask(identity, AUTHORIZE, { id, returnTo });
    if (!data) throw new Error(JSON.stringify(errors));
    return data.authorizeConnection.authorizeUrl;
  };
  const receive: Stage['receive'] = (providerId, callback) => ask(aService, RECEIVE, { providerId, ...callback });
  const complete: Stage['complete'] = (identity, code) => ask(identity, COMPLETE, { code });
  const finish: Stage['finish'] = async (identity, providerId, callback) => {
    const received = await receive(providerId, callback);
    return received.code ? received : complete(identity, received.data.receiveConsent.completionCode);
  };

  return {
    services,
    subgraph,
    simulated,
    clock,
    ask,
    authorize,
    receive,
    complete,
    finish,
    async connect(identity, providerId, decision) {
      const callback = await simulated.decide(await authorize(identity, providerId), decision);
      const { data, errors } = await finish(identity, providerId, callback);
      if (!data) throw new Error(JSON.stringify(errors));
      return data.completeConnection.connection;
    },
    async reopen(changes, withoutSimulator = false) {
      const config = { ...services.config, variables: { ...services.config.variables, ...changes } };
      const simulatorUrl = withoutSimulator ? undefined : services.simulatorUrl;
      const another = await integrations.open({ ...services, config, simulatorUrl });
      return { subgraph: another, ask: askOf(another) };
    },
    async forgetAnswers() {
      generation += 1;
      await services.cache.namespace('provider-answer').clear();
    },
    async close() {
      await services.lifecycle.close();
      await simulated.close();
    },
  };
}
