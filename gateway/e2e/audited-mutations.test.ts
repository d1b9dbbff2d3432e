import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Kind, type ObjectTypeDefinitionNode, parse } from 'graphql';
import { projectRoot } from '#runtime/process/project-root.js';
import { schemaFile } from '#schema/type-definitions.js';
import { auditedMutations } from './audited-mutations.js';

const supergraph = parse(readFileSync(schemaFile('supergraph.graphql'), 'utf8'));
const mutations = supergraph.definitions
  .filter((node): node is ObjectTypeDefinitionNode => node.kind === Kind.OBJECT_TYPE_DEFINITION)
  .filter(({ name }) => name.value === 'Mutation')
  .flatMap(({ fields = [] }) => fields.map(({ name }) => name.value));

const folder = join(projectRoot, 'subgraphs');
const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(folder, file), 'utf8'))
  .join('\n');

/** Whether something writes this action; one with a variable end, as `password.${how}`, counts by its beginning. */
const isWritten = (action: string) =>
  source.includes(`'${action}'`) || source.includes(`\`${action.slice(0, action.indexOf('.') + 1)}\${`);

describe('every mutation', () => {
  it('is written down, or it is said why not', () => {
    expect(Object.keys(auditedMutations).sort()).toEqual([...mutations].sort());
  });

  it('that leaves nothing says why', () => {
    const silent = Object.entries(auditedMutations).filter(([, audited]) =>
      'none' in audited ? audited.none.length < 10 : audited.length === 0,
    );
    expect(silent).toEqual([]);
  });

  it('names actions that something writes', () => {
    const actions = Object.values(auditedMutations).flatMap((audited) => ('none' in audited ? [] : audited));
    expect(actions.filter((action) => !isWritten(action))).toEqual([]);
  });
});
