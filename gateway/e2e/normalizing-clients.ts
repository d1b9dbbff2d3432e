import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { groupBy } from 'es-toolkit/array';
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { type ConcreteRequest, Environment, fetchQuery, Network, RecordSource, Store } from 'relay-runtime';

type Variables = Record<string, unknown>;

/** What a client received, and what its normalized store returns for the same operation. */
export interface ThroughStore {
  received: unknown;
  read: unknown;
}

interface Endpoint {
  url: string;
  headers: Record<string, string>;
}

/** Asks with Apollo Client and reads its cache. */
export async function askApollo({ url, headers }: Endpoint, text: string, variables: Variables): Promise<ThroughStore> {
  let received: unknown;
  const recordingFetch: typeof fetch = async (...request) => {
    const response = await fetch(...request);
    received = ((await response.clone().json()) as { data: unknown }).data;
    return response;
  };
  const client = new ApolloClient({
    link: new HttpLink({ uri: `${url}/graphql`, headers, fetch: recordingFetch }),
    cache: new InMemoryCache(),
  });
  try {
    const query = gql(text);
    await client.query({ query, variables });
    return { received, read: client.readQuery({ query, variables }) };
  } finally {
    client.stop();
  }
}

const isPlural = (type: unknown): boolean => isListType(type) || (isNonNullType(type) && isPlural(type.ofType));

function relaySelections(parent: GraphQLObjectType, { selections }: SelectionSetNode): unknown[] {
  return (selections as FieldNode[]).map((node) => {
    const name = node.name.value;
    const args = [...(node.arguments ?? [])]
      .sort((one, other) => (one.name.value < other.name.value ? -1 : 1))
      .map(({ name: { value: argument }, value }) =>
        value.kind === Kind.VARIABLE
          ? { kind: 'Variable', name: argument, variableName: value.name.value }
          : { kind: 'Literal', name: argument, value: valueFromASTUntyped(value) },
      );
    const common = { alias: node.alias?.value ?? null, args: args.length > 0 ? args : null, name, storageKey: null };
    const field = parent.getFields()[name];
    const type = field && getNamedType(field.type);
    if (!node.selectionSet || !isObjectType(type)) return { ...common, kind: 'ScalarField' };
    return {
      ...common,
      kind: 'LinkedField',
      concreteType: type.name,
      plural: isPlural(field?.type),
      selections: relaySelections(type, node.selectionSet),
    };
  });
}

/** Returns what Relay's compiler makes of an operation of fields alone, which selects the `id` of objects that have one. */
function compileForRelay(schema: GraphQLSchema, text: string): ConcreteRequest {
  const [operation] = parse(text).definitions as OperationDefinitionNode[];
  const query = schema.getQueryType();
  if (!operation || !query) throw new Error('There is no query.');
  const name = operation.name?.value ?? 'Query';
  const argumentDefinitions = (operation.variableDefinitions ?? []).map(({ variable }) => ({
    kind: 'LocalArgument',
    name: variable.name.value,
    defaultValue: null,
  }));
  const selections = relaySelections(query, operation.selectionSet);
  return {
    kind: 'Request',
    fragment: {
      kind: 'Fragment',
      name,
      type: 'Query',
      abstractKey: null,
      metadata: null,
      argumentDefinitions,
      selections,
    },
    operation: { kind: 'Operation', name, argumentDefinitions, selections },
    params: { id: null, cacheID: name, metadata: {}, name, operationKind: 'query', text },
  } as never;
}

/** Asks with relay-runtime and reads its store. */
export async function askRelay(
  { url, headers }: Endpoint,
  schema: GraphQLSchema,
  text: string,
  variables: Variables,
): Promise<ThroughStore> {
  let received: unknown;
  const environment = new Environment({
    store: new Store(new RecordSource()),
    network: Network.create(async (request, given) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ query: request.text, variables: given }),
      });
      const answer = (await response.json()) as { data: never };
      received = structuredClone(answer.data);
      return answer;
    }),
  });
  const read = await fetchQuery(environment, compileForRelay(schema, text), variables).toPromise();
  return { received, read };
}

type Field = GraphQLField<unknown, unknown>;

const takesRange = ({ args }: Field) => args.some(({ type }) => getNamedType(type).name === 'DateRangeInput');

/**
 * Returns operations that ask every field of `$account` and of an organization that takes a range for two of them, `$now`
 * and `$before`, with all that depends on it.
 */
export function twoRangesOperations(schema: GraphQLSchema): {
  account: string;
  organization: string[];
  views: string;
  campaign: string;
} {
  const asked = new Set<Field>();

  function fieldsOf(type: GraphQLObjectType, range: string | undefined, path: string[], isValue = false): string[] {
    const fields = Object.values(type.getFields());
    const wanted = isValue ? fields.filter((field) => !isObjectType(getNamedType(field.type))) : fields;
    return wanted.flatMap((field) => textOf(field, range, path));
  }

  function textOf(field: Field, range: string | undefined, path: string[]): string[] {
    const { name, args } = field;
    const type = getNamedType(field.type);
    const isObject = isObjectType(type);
    const isAskable = args.every((one) => !isRequiredArgument(one) || takesRange(field));
    // What is below a campaign is asked of the campaign: lists of lists are larger than an operation may be.
    const isBelowCampaign = path.length > 1 && path.at(-1) === 'Campaign' && args.some((one) => one.name === 'first');
    if (!isAskable || isBelowCampaign || path.includes(type.name)) return [];
    const ask = (alias: string, argumentsText: string, chosen?: string) => {
      // Objects beside the node are selected for their values only.
      const isBeside = isObject && chosen !== undefined && name !== 'node' && 'id' in type.getFields();
      const fields = isObject ? fieldsOf(type, chosen, [...path, type.name], isBeside) : [];
      if (isObject && fields.length === 0) return [];
      return [`${alias}${name}${argumentsText}${isObject ? ` { ${fields.join(' ')} }` : ''}`];
    };
    const page = args.some((one) => one.name === 'first') ? 'first: 5' : '';
    if (!takesRange(field)) return isObject && !range ? [] : ask('', page && `(${page})`, range);
    asked.add(field);
    const argumentsFor = (chosen: string) => `(${page} range: $${chosen})`;
    if (range) return ask('', argumentsFor(range), range);
    return ['now', 'before'].flatMap((chosen) => ask(`${chosen}_${name}: `, argumentsFor(chosen), chosen));
  }

  const selectionsOf = (name: string) => {
    const type = schema.getType(name);
    if (!isObjectType(type)) throw new Error(`The type ${name} no longer exists.`);
    return fieldsOf(type, undefined, [name]);
  };
  const [ofAccount = [], ofOrganization = [], ofView = [], ofCampaign = []] = [
    'Account',
    'Organization',
    'SavedView',
    'Campaign',
  ].map(selectionsOf);
  const forgotten = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => type !== schema.getMutationType())
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
    // What a preview answers has no ids: clients keep none of it.
    .filter(({ field }) => takesRange(field) && !asked.has(field) && field.name !== 'previewReport')
    .map(({ type, field }) => `${type.name}.${field.name}`);
  if (forgotten.length > 0) throw new Error(`No way leads to ${forgotten.join(', ')}.`);
  const ranges = '$now: DateRangeInput!, $before: DateRangeInput!';
  const operation = (text: string, more = '') => print(parse(`query TwoRanges(${more}${ranges}) { ${text} }`));
  return {
    account: operation(`account(id: $account) { ${ofAccount.join(' ')} }`, '$account: ID!, '),
    campaign: operation(`campaign(id: $campaign) { ${ofCampaign.join(' ')} }`, '$campaign: ID!, '),
    // One for each field: together they have more than an operation may have.
    organization: Object.entries(
      groupBy(ofOrganization, (field) => /^(?:now|before)_(\w+):/.exec(field)?.[1] ?? ''),
    ).flatMap(([name, fields]) => (name ? [operation(`organization { ${fields.join(' ')} }`)] : [])),
    views: operation(`organization { savedViews(first: 5) { edges { node { ${ofView.join(' ')} } } } }`),
  };
}
