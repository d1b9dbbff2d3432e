import { GraphQLError } from 'graphql';
import { hashOf } from './hash.js';

/** What goes wrong in the subgraphs of one execution. */
export const faultKinds = ['none', 'nulls', 'errors', 'rubbish', 'away'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** What a subgraph that is away answers instead of its answer. */
const awayAnswers = ['rejects', 'error', 'errorWithPath', 'noData', 'noObject', 'noEntities', 'shortEntities'] as const;

const CODES = ['FORBIDDEN', 'NOT_FOUND', 'SUBGRAPH_UNAVAILABLE', 'GRAPHQL_VALIDATION_FAILED', 'ANY_CODE', undefined];

/** Faults depend on the entity and the field, never on the number or the order of calls. */
export interface Faults {
  kind: FaultKind;
  isSlow: boolean;
  /** Whether a nullable value is null. */
  isNull(place: string): boolean;
  /** Whether a subgraph does not know an entity. */
  isAbsent(entity: string): boolean;
  errorFor(place: string): GraphQLError | undefined;
  throwFor(place: string): void;
  /** Changes the answer of a subgraph. Throws like a subgraph that cannot be reached. */
  change(subgraph: string, answer: Answer): Answer;
}

export interface Answer {
  data?: unknown;
  errors?: unknown;
}

const replacements: ((value: unknown) => unknown)[] = [
  () => null,
  () => 'rubbish',
  () => 7,
  () => true,
  () => [],
  () => ({}),
  () => undefined,
  (value) => [value],
  (value) => (value && typeof value === 'object' && !Array.isArray(value) ? { ...value, __typename: 'Nonsense' } : -1),
  (value) => (value && typeof value === 'object' ? Object.assign({}, value, { __typename: undefined }) : 1.5),
];

/** Replaces values by their name and content, so that both sides see the same whatever they ask together. */
function spoil(value: unknown, seed: number, key: string, depth: number): unknown {
  if (depth > 1) {
    const hash = hashOf(`${seed} ${key} ${JSON.stringify(value)}`);
    if (hash % 17 === 0) return replacements[(hash >>> 8) % replacements.length]?.(value);
  }
  if (Array.isArray(value)) return value.map((item) => spoil(item, seed, key, depth + 1));
  if (!value || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      // Fetches of entities that are combined have aliases.
      const asked = depth === 0 && name.startsWith('_e') ? '_entities' : name;
      return [name, spoil(inner, seed, asked, depth + 1)] as const;
    }),
  );
}

function mapEntities(data: unknown, change: (entities: unknown[]) => unknown): unknown {
  if (!data || typeof data !== 'object') return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      Array.isArray(value) && name.startsWith('_') ? change(value) : value,
    ]),
  );
}

function answerAway(kind: (typeof awayAnswers)[number], { data, errors }: Answer): Answer {
  const names = Object.keys((data as object | null) ?? {});
  switch (kind) {
    case 'rejects':
      throw new GraphQLError('The subgraph cannot be reached', { extensions: { code: 'SUBGRAPH_UNAVAILABLE' } });
    case 'error':
      return { data: null, errors: [{ message: 'No answer', extensions: { code: 'TOO_BUSY' } }] };
    case 'errorWithPath':
      return { data, errors: names.map((name) => ({ message: 'Half an answer', path: [name] })) };
    case 'noData':
      return {};
    case 'noObject':
      return { data: 'rubbish', errors };
    case 'noEntities':
      return { data: mapEntities(data, () => 'rubbish'), errors };
    case 'shortEntities':
      return { data: mapEntities(data, (entities) => entities.slice(1)), errors };
  }
}

/** Creates the faults of one execution. */
export function createFaults(kind: FaultKind, seed: number, subgraphs: readonly string[]): Faults {
  const errorFor = (place: string) => {
    const hash = hashOf(`${seed} error ${place}`);
    if (kind !== 'errors' || hash % 19 !== 0) return undefined;
    const code = CODES[(hash >>> 8) % CODES.length];
    return new GraphQLError(`Failed at ${place}`, code ? { extensions: { code } } : {});
  };
  const away = kind === 'away' ? subgraphs[seed % subgraphs.length] : undefined;
  const awayAnswer = awayAnswers[(seed >>> 4) % awayAnswers.length] ?? 'error';
  return {
    kind,
    isSlow: seed % 3 === 0,
    isNull: (place) => hashOf(`null ${kind === 'nulls' ? seed : ''} ${place}`) % (kind === 'nulls' ? 5 : 29) === 0,
    isAbsent: (entity) => kind === 'nulls' && hashOf(`${seed} absent ${entity}`) % 5 === 0,
    errorFor,
    throwFor: (place) => {
      const error = errorFor(place);
      if (error) throw error;
    },
    change: (subgraph, answer) => {
      if (subgraph === away) return answerAway(awayAnswer, answer);
      if (kind === 'rubbish') return { ...answer, data: spoil(answer.data, seed, '', 0) };
      return answer;
    },
  };
}
