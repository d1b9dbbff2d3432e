import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buildSchema, GraphQLError, graphql } from 'graphql';
import { type Caller, type GraphClient, type GraphOperation, GraphRequestFailed } from '#runtime/http/graph-client.js';
import type { Role } from '#runtime/identity/identity.js';
import { schemaFile } from '#schema/type-definitions.js';

const schema = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));

interface Days {
  start: string;
  end: string;
}

/** An organization in the graph, as its schedules ask for it: executes operations on the real schema of the API. */
export class FakeOrganization implements GraphClient {
  readonly id = randomUUID();
  name = 'Harbour Agency';
  timeZone = 'Europe/Berlin';
  clientIds: string[] = [];
  /** With which every question is answered instead. */
  failure: GraphRequestFailed | null = null;
  readonly members = new Map<string, { role: Role; email: string; isVerified: boolean; clientIds: string[] | null }>();

  addMember(role: Role, email: string, isVerified = true): string {
    const id = randomUUID();
    this.members.set(id, { role, email, isVerified, clientIds: null });
    return id;
  }

  async query<Data>(operation: GraphOperation, caller: Caller) {
    const { data, errors } = await this.queryPartly<Data>(operation, caller);
    if (errors[0]) throw errors[0];
    return data;
  }

  async queryPartly<Data>({ query, variables }: GraphOperation, { organizationId }: Caller) {
    if (this.failure) throw this.failure;
    if (organizationId !== this.id) throw new Error(`Asked for ${organizationId} instead of ${this.id}`);
    const rootValue = { organization: this.#organization(), client: ({ id }: { id: string }) => this.#client(id) };
    const { data, errors } = await graphql({ schema, source: query, variableValues: variables, rootValue });
    const failures = (errors ?? []).map(
      ({ message, extensions, path }) =>
        new GraphRequestFailed(message, String(extensions.code ?? 'GRAPHQL_VALIDATION_FAILED'), { path }),
    );
    if (!data) throw failures[0];
    return { data: data as Data, errors: failures };
  }

  #client(id: string) {
    if (this.clientIds.includes(id)) return { id };
    throw new GraphQLError('There is no client with this id.', { extensions: { code: 'NOT_FOUND' } });
  }

  #organization() {
    const members = [...this.members].map(([id, { role, email, isVerified, clientIds }]) => ({
      node: {
        role,
        user: { id, name: email.split('@')[0], email, emailVerifiedAt: isVerified ? new Date() : null },
        clients: clientIds?.map((clientId) => ({ id: clientId })) ?? null,
      },
    }));
    return {
      name: this.name,
      timeZone: this.timeZone,
      figureDays: ({ range, compareRange }: { range?: Days; compareRange?: Days }) => ({
        range: range ?? { start: '2026-10-01', end: '2026-10-31' },
        compared: compareRange ?? null,
      }),
      members: { edges: members, pageInfo: { hasNextPage: false, endCursor: null } },
    };
  }
}
