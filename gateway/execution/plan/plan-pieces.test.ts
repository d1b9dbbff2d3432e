import type { FetchDataRewrite, QueryPlanSelectionNode } from '@apollo/query-planner';
import { describe, expect, it } from '@jest/globals';
import { OperationTypeNode, parse } from 'graphql';
import { combineFetches } from './combine-fetches.js';
import { mergeData } from './merge-data.js';
import { compileRequires } from './representations.js';
import { compilePath, pathsTo } from './response-path.js';
import { compileRewrites } from './rewrite-data.js';
import type { Fetch } from './send-fetch.js';
import { subgraphError } from './subgraph-error.js';
import { typeConditionsOf } from './type-conditions.js';

const isOfType = typeConditionsOf(/* GraphQL */ `
  union Media = Book | Film
  interface Node {
    id: ID
  }
  interface Named implements Node {
    id: ID
  }
  type Book implements Node & Named {
    id: ID
  }
  type Film implements Node {
    id: ID
  }
`);

describe('type conditions', () => {
  it.each([
    ['Book', 'Book', true],
    ['Book', 'Media', true],
    ['Book', 'Named', true],
    ['Film', 'Named', false],
    ['Named', 'Node', true],
    ['Nothing', 'Node', false],
    ['Book', 'Nothing', false],
  ])('say whether %s is of %s: %s', (typename, condition, expected) => {
    expect(isOfType(typename, condition)).toBe(expected);
  });
});

describe('rewrites', () => {
  const rewrite = (rewrites: FetchDataRewrite[], value: unknown) => {
    compileRewrites(rewrites, isOfType)?.(value);
    return value;
  };

  it('set values and rename fields of what is of the type, in lists, too', () => {
    const setter: FetchDataRewrite = { kind: 'ValueSetter', path: ['... on Named', '__typename'], setValueTo: 'Named' };
    expect(rewrite([setter], [{ __typename: 'Book' }, { __typename: 'Film' }, { id: '1' }, null, 3])).toEqual([
      { __typename: 'Named' },
      { __typename: 'Film' },
      { id: '1', __typename: 'Named' },
      null,
      3,
    ]);
    const renamer: FetchDataRewrite = { kind: 'KeyRenamer', path: ['media', 'name__alias_0'], renameKeyTo: 'name' };
    expect(rewrite([renamer], { media: [{ name__alias_0: 'one' }, { name: 'kept' }, { name__alias_0: 0 }] })).toEqual({
      media: [{ name: 'one' }, { name: 'kept' }, { name__alias_0: 0 }],
    });
  });

  it('are nothing where there are none', () => {
    expect(compileRewrites(undefined, isOfType)).toBeUndefined();
    expect(compileRewrites([], isOfType)).toBeUndefined();
  });
});

describe('representations', () => {
  const field = (name: string, selections?: QueryPlanSelectionNode[], alias?: string): QueryPlanSelectionNode => ({
    kind: 'Field',
    name,
    ...(alias && { alias }),
    ...(selections && { selections }),
  });
  const on = (typeCondition: string, ...selections: QueryPlanSelectionNode[]): QueryPlanSelectionNode => ({
    kind: 'InlineFragment',
    typeCondition,
    selections,
  });
  const requires = [
    on('Book', field('__typename'), field('id'), field('author', [field('name')])),
    on('Media', field('price', undefined, 'cost')),
  ];
  const represent = compileRequires(requires, isOfType);

  it('have what is required of the type, with lists and nulls', () => {
    const book = { __typename: 'Book', id: '1', author: { name: 'A', born: 1 }, cost: null, more: true };
    expect(represent(book)).toEqual({ __typename: 'Book', id: '1', author: { name: 'A' }, cost: null });
    expect(represent({ ...book, author: [{ name: 'A' }, null] })).toMatchObject({ author: [{ name: 'A' }, null] });
    expect(represent({ ...book, author: null })).toMatchObject({ author: null });
    expect(represent({ ...book, author: {} })).toMatchObject({ author: null });
  });

  it('are without what is not there', () => {
    expect(represent({ __typename: 'Book', cost: 1 })).toEqual({ cost: 1 });
    expect(represent({ __typename: 'Film', id: '1' })).toEqual({});
    expect(represent({ id: '1' })).toEqual({});
    expect(represent(null)).toBeNull();
    expect(compileRequires([field('id')], isOfType)({ name: 'x' })).toBeNull();
  });
});

describe('paths of plans', () => {
  const tree = { a: [{ b: [{ c: 1 }, null, { c: 2 }] }, { b: null }, null, {}], x: { y: { z: true } } };

  it.each([
    [
      ['a', '@', 'b', '@', 'c'],
      [1, 2],
      ['a.0.b.0.c', 'a.0.b.2.c'],
    ],
    [
      ['a', '@', 'b', '@'],
      [{ c: 1 }, { c: 2 }],
      ['a.0.b.0', 'a.0.b.2'],
    ],
    [['x', 'y'], { z: true }, ['x.y']],
    [['x', 'nothing', 'z'], undefined, []],
    [[], tree, ['']],
  ])('find what is at %j', (path, found, paths) => {
    expect(compilePath(path)(tree)).toEqual(found);
    expect(pathsTo(tree, path).map((each) => each.join('.'))).toEqual(paths);
  });

  it('refuse a list where the plan has none, and the reverse', () => {
    expect(() => compilePath(['a', 'b'])(tree)).toThrow('There is a list');
    expect(() => compilePath(['x', '@', 'y'])(tree)).toThrow('There is no list');
  });
});

describe('merging', () => {
  it('is deep in objects and in lists of one length, and replaces the rest', () => {
    const target = { a: { b: 1 }, l: [{ x: 1 }, 2], m: [1], n: { o: 1 }, k: 'kept' };
    mergeData(target, { a: { c: 2 }, l: [{ y: 2 }, 3], m: [1, 2], n: null, k: undefined, p: { q: 1 } });
    expect(target).toEqual({ a: { b: 1, c: 2 }, l: [{ x: 1, y: 2 }, 3], m: [1, 2], n: null, k: 'kept', p: { q: 1 } });
  });

  it('never reaches a prototype, whatever subgraphs answer', () => {
    const hostile = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":{"a":1}}',
    );
    const target: Record<string, unknown> = {};
    mergeData(target, hostile);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(target)).toBe(Object.prototype);
    expect(Object.keys(target)).toEqual(['__proto__', 'constructor', 'toString']);
  });

  it('throws for what is no object', () => {
    expect(() => mergeData('text' as never, { a: 1 })).toThrow(TypeError);
  });
});

describe('combined fetches', () => {
  const fetch = (body: string, variableUsages: string[] = [], more = ''): Fetch => ({
    serviceName: 'books',
    operationKind: OperationTypeNode.QUERY,
    operationName: 'Q',
    variableUsages,
    operation: `query Q($representations: [_Any!]!${variableUsages.map((name) => `, $${name}: Int`).join('')}) {
      _entities(representations: $representations) { ${body} } } ${more}`,
  });

  it('are one operation with aliases, and variables and fragments of their own', () => {
    const fragment = 'fragment F on Book { title(first: $n) }';
    const combined = combineFetches([
      fetch('...F', ['n'], fragment),
      fetch('...F', ['n', 'representations_1'], 'fragment F on Book { pages }'),
      fetch('... on Film { name }'),
    ]);
    expect(combined?.parts).toEqual([
      { alias: '_entities', variable: 'representations' },
      { alias: '_e1', variable: 'representations_2' },
      { alias: '_e2', variable: 'representations_3' },
    ]);
    const { definitions } = parse(String(combined?.fetch.operation));
    expect(definitions.map((node) => 'name' in node && node.name?.value)).toEqual(['Q', 'F', 'F_1']);
    expect(combined?.fetch.operation).toContain('_e1: _entities(representations: $representations_2) {\n    ...F_1');
    expect(combined?.fetch.variableUsages).toEqual(['n', 'representations_1']);
  });

  it.each([
    ['another field', { operation: 'query Q { me { id } }' }],
    [
      'two fields',
      {
        operation:
          'query Q($representations: [_Any!]!) { _entities(representations: $representations) { __typename } me { id } }',
      },
    ],
    [
      'directives',
      {
        operation:
          'query Q($representations: [_Any!]!) @live { _entities(representations: $representations) { __typename } }',
      },
    ],
    ['a variable of that name', { variableUsages: ['representations'] }],
  ])('are not made of a fetch with %s', (_what, change) => {
    expect(combineFetches([fetch('__typename'), { ...fetch('__typename'), ...change }])).toBeUndefined();
  });
});

describe('errors of subgraphs', () => {
  it('keep code and extensions, have the name of the subgraph, and a code if they had none', () => {
    const given = { message: 'No', path: ['x'], extensions: { code: 'FORBIDDEN', details: [1] } };
    expect(subgraphError(given, 'books', ['a', 0]).toJSON()).toEqual({
      message: 'No',
      path: ['a', 0],
      extensions: { code: 'FORBIDDEN', details: [1], serviceName: 'books' },
    });
    expect(subgraphError({ message: '' }, 'books', undefined).toJSON()).toEqual({
      message: 'Error while fetching subquery from service "books"',
      extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', serviceName: 'books' },
    });
  });
});
