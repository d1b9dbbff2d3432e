import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';

type Resolve = GraphQLFieldResolver<unknown, object>;

const contexts = new WeakMap<object, object>();

function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function assign(value: unknown, context: object): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) assign(item, context);
  } else if (isPlainObject(value) && contexts.get(value) !== context) {
    contexts.set(value, context);
    for (const field of Object.values(value)) assign(field, context);
  }
}

/**
 * Returns `payload`, whose fields are resolved, and their permissions decided, with this context instead of the
 * operation's: for the answer to a mutation that acts as another identity than its caller, such as a sign-in.
 * `payload` must not be shared with another operation.
 */
export function withContext<Payload extends object>(context: object, payload: Payload): Payload {
  assign(payload, context);
  return payload;
}

function resolveInContext(resolve: Resolve): Resolve {
  return (parent, args, context, info) => {
    const own = contexts.get(parent as object);
    if (!own) return resolve(parent, args, context, info);
    const result = resolve(parent, args, own, info);
    if (result instanceof Promise) return result.then((value) => withContext(own, value));
    return withContext(own, result as object);
  };
}

/** Makes the schema heed `withContext`, in place. Call it last, so that permissions are decided with that context, too. */
export function applyPayloadContexts(schema: GraphQLSchema): GraphQLSchema {
  const roots = new Set([schema.getQueryType(), schema.getMutationType()]);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || roots.has(type)) continue;
    for (const field of Object.values(type.getFields())) {
      // Fields without a resolver read a property of their parent: they need no context.
      if (field.resolve && field.resolve !== defaultFieldResolver) field.resolve = resolveInContext(field.resolve);
    }
  }
  return schema;
}
