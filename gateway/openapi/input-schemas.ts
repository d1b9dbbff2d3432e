import {
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql';
import type { JsonSchema } from './document.js';
import { nullable, scalarSchemas } from './scalar-schemas.js';

const refTo = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** Collects the enums and input objects of the API as named schemas. */
export class InputSchemas {
  readonly #named = new Map<string, JsonSchema>();

  /** Returns the schema of an argument or a field of an input object. */
  of(type: GraphQLInputType): JsonSchema {
    if (isNonNullType(type)) return this.#ofNullable(type.ofType);
    return nullable(this.#ofNullable(type));
  }

  /** Returns the reference to an enum. */
  enum(type: GraphQLEnumType): JsonSchema {
    if (!this.#named.has(type.name)) {
      const values = type.getValues();
      const meanings = values.map(({ name, description }) => `- \`${name}\`: ${description}`);
      this.#named.set(type.name, {
        type: 'string',
        enum: values.map(({ name }) => name),
        description: [type.description, '', ...meanings].join('\n'),
      });
    }
    return refTo(type.name);
  }

  /** Returns the named schemas by name. */
  named(): ReadonlyMap<string, JsonSchema> {
    return this.#named;
  }

  #ofNullable(type: GraphQLInputType): JsonSchema {
    if (isListType(type)) return { type: 'array', items: this.of(type.ofType) };
    if (isEnumType(type)) return this.enum(type);
    if (isInputObjectType(type)) return this.#object(type);
    const scalar = scalarSchemas[(type as { name: string }).name];
    if (!scalar) throw new Error(`scalar-schemas.ts has no ${String(type)}.`);
    return scalar;
  }

  #object(type: GraphQLInputObjectType): JsonSchema {
    if (!this.#named.has(type.name)) {
      const fields = Object.values(type.getFields());
      // Known before its fields, which may refer to it.
      const schema: JsonSchema = { type: 'object', description: type.description ?? undefined };
      this.#named.set(type.name, schema);
      schema.properties = Object.fromEntries(
        fields.map(({ name, type: of, description, defaultValue }) => [
          name,
          { ...this.of(of), description: description ?? undefined, default: defaultValue },
        ]),
      );
      schema.required = fields.filter(isRequiredInputField).map(({ name }) => name);
      schema.additionalProperties = false;
    }
    return refTo(type.name);
  }
}
