import type { ApolloServerPlugin } from '@apollo/server';
import {
  type ASTNode,
  type ASTVisitFn,
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  GraphQLScalarType,
  type GraphQLSchema,
  getNamedType,
  type OperationDefinitionNode,
  type ValidationContext,
  type ValueNode,
} from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import { findNonNullPlaces, type Place, placeOf } from '#kit/non-null-places.js';
import type { Problem } from '#runtime/errors.js';
import { scalars } from '#schema/scalars.js';

const ourScalars: Record<string, GraphQLScalarType | undefined> = scalars;

function wrongInput(problem: Problem, nodes?: ASTNode): GraphQLError {
  return new GraphQLError(`Invalid input: ${problem.argument} ${problem.problem}.`, {
    nodes,
    extensions: { code: 'BAD_USER_INPUT', details: [problem], http: { status: 400 } },
  });
}

function checkScalars(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    const ours = ourScalars[type.name];
    if (ours && type instanceof GraphQLScalarType) type.parseValue = ours.parseValue;
  }
}

/** Plugin: variables of our scalars are checked by the gateway, once, before any subgraph is asked. */
export const scalarVariables: ApolloServerPlugin<GatewayContext> = {
  serverWillStart: async ({ schema }) => {
    checkScalars(schema);
    return { schemaDidLoadOrUpdate: ({ apiSchema }) => checkScalars(apiSchema) };
  },
};

/** Validation rule: refuses literals that are no value of our scalars, each once, naming the argument. */
export function scalarLiterals(context: ValidationContext): ASTVisitor {
  const check: ASTVisitFn<ValueNode> = (node, _key, parent, _path, ancestors) => {
    const type = context.getInputType();
    const scalar = type && ourScalars[getNamedType(type).name];
    if (!scalar) return;
    try {
      scalar.parseLiteral(node);
    } catch (error) {
      const problem = (error as Error).message.replace(/\.$/, '');
      context.reportError(wrongInput({ argument: placeOf(ancestors, parent), problem }, node));
    }
  };
  return { StringValue: check, IntValue: check, FloatValue: check, BooleanValue: check, EnumValue: check };
}

const placesOf = new WeakMap<OperationDefinitionNode, Place[]>();

/** Throws BAD_USER_INPUT when a variable was sent as null that stands where null is not allowed. */
export function refuseNulls(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): void {
  const places = placesOf.get(operation) ?? findNonNullPlaces(schema, document, operation);
  placesOf.set(operation, places);
  const wrong = places.find(({ variable }) => variables[variable] === null);
  if (wrong) throw wrongInput({ argument: wrong.argument, problem: 'must not be null' });
}
