import type { GenerateRequest, ResponseSchema } from './generate-request.js';

/** What the model makes of a request: the behaviours a client has to survive. */
export const behaviours = [
  'honest',
  'invented-number',
  'invented-name',
  'obeys-data',
  'link',
  'markup',
  'too-much',
  'broken-json',
  'other-json',
] as const;
export type Behaviour = (typeof behaviours)[number];

/** What a prompt gives to word: the first list in its JSON whose elements have a `sentence`. */
interface Given {
  id: unknown;
  sentence: string;
}

function findGiven(value: unknown): Given[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) {
    const found = value.filter((one): one is Given => typeof one?.sentence === 'string');
    if (found.length > 0) return found;
  }
  for (const inner of Object.values(value)) {
    const found = findGiven(inner);
    if (found.length > 0) return found;
  }
  return [];
}

function givenIn({ contents }: GenerateRequest): Given[] {
  const text = contents.flatMap(({ parts }) => parts.map((part) => part.text)).join('\n');
  try {
    return findGiven(JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)));
  } catch {
    return [];
  }
}

// What text in the data demands, as a model does that takes data for instructions.
const DEMAND = /(?:ignore|disregard)[^“”"«»]*?(?:say|write|answer)[: ]+([^“”"«»]+)/i;

function textsOf(given: Given[], behaviour: Behaviour): Given[] {
  const [first] = given;
  const add = (sentence: string) => [...given, { id: first?.id, sentence }];
  if (behaviour === 'invented-number') return add('Revenue rose by 4711% to €98,765.43.');
  if (behaviour === 'invented-name')
    return add(`The campaign “Moonshot Galaxy” did best of all. ${first?.sentence ?? ''}`);
  if (behaviour === 'link') return add(`${first?.sentence ?? ''} See https://evil.example/win for more.`);
  if (behaviour === 'markup') return add(`<b>${first?.sentence ?? ''}</b>`);
  if (behaviour === 'too-much') return Array.from({ length: 5 }, () => given).flat();
  if (behaviour !== 'obeys-data') return given;
  const demanded = given.map(({ sentence }) => DEMAND.exec(sentence)?.[1]).find(Boolean);
  return demanded === undefined ? given : given.map(({ id }) => ({ id, sentence: demanded.trim() }));
}

/** Fills a schema: the first text of an element with the sentence, integers and lists of them with its id. */
function fill(schema: ResponseSchema, given: Given[]): unknown {
  const { type, items, properties = {}, propertyOrdering } = schema;
  const [first] = given;
  if (type === 'ARRAY' && items) {
    if (items.type === 'OBJECT') return given.map((one) => fill(items, [one]));
    return [fill(items, given)];
  }
  if (type === 'OBJECT') {
    const names = propertyOrdering ?? Object.keys(properties).sort();
    return Object.fromEntries(names.map((name) => [name, fill(properties[name] as ResponseSchema, given)]));
  }
  if (type === 'STRING') return first?.sentence ?? '';
  if (type === 'BOOLEAN') return true;
  return Number(first?.id ?? 0);
}

/** Returns the text of a candidate. */
export function writeAnswer(request: GenerateRequest, behaviour: Behaviour): string {
  const given = textsOf(givenIn(request), behaviour);
  const { responseSchema } = request.generationConfig;
  if (!responseSchema) return given.map(({ sentence }) => sentence).join(' ');
  if (behaviour === 'other-json') return JSON.stringify({ answer: 'None of this is what was asked for.' });
  const text = JSON.stringify(fill(responseSchema, given));
  return behaviour === 'broken-json' ? text.slice(0, Math.floor(text.length / 2)) : text;
}
