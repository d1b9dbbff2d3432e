import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import { isUnpublished, openPaths, recordExchanges, stripeTools } from './exchanges.js';

/** Fields that Stripe moved in 2025; its schema is open, and would let them pass. */
const FORBIDDEN = {
  subscription: ['current_period_start', 'current_period_end'],
  invoice: ['subscription', 'payment_intent', 'charge', 'paid'],
};

const MAX_SHOWN = 30;

/** Returns a schema of OpenAPI 3.0 as JSON Schema: without what is not validated, and `nullable` as a type. */
function toJsonSchema(schema) {
  if (Array.isArray(schema)) return schema.map(toJsonSchema);
  if (schema === null || typeof schema !== 'object') return schema;
  const { nullable, ...rest } = schema;
  const entries = Object.entries(rest).filter(
    ([key, value]) =>
      !(
        key.startsWith('x-') ||
        (['discriminator', 'format', 'description', 'title'].includes(key) && typeof value !== 'object') ||
        key === 'discriminator'
      ),
  );
  const plain = Object.fromEntries(entries.map(([key, value]) => [key, toJsonSchema(value)]));
  return nullable === true ? { anyOf: [plain, { type: 'null' }] } : plain;
}

/** The invoice in an event `invoice.upcoming` has no id, as there is none yet: https://docs.stripe.com/api/events/types#event_types-invoice.upcoming */
const isUpcoming = (value) => value.object === 'invoice' && value.id === undefined && value.status === 'draft';

/** Calls `visit` for each object of Stripe's in an answer, with its path. */
function visitObjects(value, path, visit) {
  if (value === null || typeof value !== 'object') return;
  if (typeof value.object === 'string') visit(value, path);
  for (const [key, inner] of Object.entries(value))
    visitObjects(inner, Array.isArray(value) ? `${path}[]` : `${path}.${key}`, visit);
}

/** Holds every answer of the simulated Stripe in the billing tests against the schema that Stripe publishes. */
export async function judgeStripeAnswers() {
  const spec = JSON.parse(readFileSync(join(await stripeTools(), 'spec3.json'), 'utf8'));
  const find = openPaths(spec);
  const ajv = new Ajv({ strict: false, allErrors: false, inlineRefs: false });
  ajv.addSchema({ $id: 'https://stripe.example/spec', components: { schemas: toJsonSchema(spec.components.schemas) } });
  const validators = new Map();
  const validatorOf = (reference) => {
    if (!validators.has(reference)) {
      const $ref = `https://stripe.example/spec#/components/schemas/${reference}`;
      validators.set(reference, ajv.compile({ $ref }));
    }
    return validators.get(reference);
  };
  const schemaNames = new Set(Object.keys(spec.components.schemas));
  const faults = new Map();
  const kinds = new Set();
  const objectNames = new Set();
  let answers = 0;
  let objects = 0;
  const fault = (kind, what) => faults.set(`${kind}: ${what}`, (faults.get(`${kind}: ${what}`) ?? 0) + 1);
  const exchanges = await recordExchanges();
  for (const { method, path, status, answer } of exchanges.filter((one) => !isUnpublished(one))) {
    const found = find(method, path);
    // Addresses that only a test asks for.
    if (!found && status >= 400) continue;
    const kind = `${method} ${found?.template ?? path} ${status}`;
    kinds.add(kind);
    answers += 1;
    const schema = found?.operation.responses[status < 400 ? '200' : 'default']?.content?.['application/json']?.schema;
    if (!schema) {
      fault(kind, 'Stripe has no such operation');
      continue;
    }
    const reference = schema.$ref?.split('/').at(-1);
    const checks = reference ? [[answer, reference, '']] : [];
    visitObjects(answer, '', (found, at) => {
      const value = at.endsWith('.data.object') && isUpcoming(found) ? { ...found, id: 'upcoming' } : found;
      // `deleted` objects and lists have other schemas than their name says.
      const name = value.deleted === true ? `deleted_${value.object}` : value.object;
      if (schemaNames.has(name.replaceAll('.', '_'))) checks.push([value, name.replaceAll('.', '_'), at]);
      else if (schemaNames.has(name)) checks.push([value, name, at]);
      for (const field of FORBIDDEN[value.object] ?? [])
        if (field in value) fault(kind, `${at} has the old field ${field}`);
    });
    for (const [value, name, at] of checks) {
      objects += 1;
      objectNames.add(name);
      const validate = validatorOf(name);
      if (validate(value)) continue;
      const [error] = validate.errors ?? [];
      fault(kind, `${name} at ${at || '/'}: ${error?.instancePath} ${error?.message}`);
    }
  }
  process.stdout.write(`${[...objectNames].sort().join(', ')}\n`);
  process.stdout.write(
    `Stripe's schema: ${answers} answers of ${kinds.size} kinds, ${objects} objects of ${objectNames.size} schemas, ${faults.size} faults; ${exchanges.filter(isUnpublished).length} answers without a schema\n`,
  );
  if (kinds.size < 50) throw new Error('These are fewer kinds of answers than the simulator has.');
  if (faults.size > 0) {
    const lines = [...faults].slice(0, MAX_SHOWN).map(([what, count]) => `${what} (${count})`);
    throw new Error(lines.join('\n'));
  }
}
