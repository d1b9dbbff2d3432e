import { useInfiniteQuery } from '@tanstack/react-query';
import type { Answer, DocumentTypes } from '#gateway/client/index.js';
import { client } from './client.ts';
import { nameOf } from './query.ts';

interface Connection<Edge> {
  edges: readonly Edge[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

/** A list as far as it has been asked for. */
export interface Pages<Data, Edge extends { node: unknown }> {
  /** The rows with their cursors, of all pages so far; and without. */
  edges: Edge[];
  items: Edge['node'][];
  /** The first page, whose errors and age are those of the list. */
  query: { data: Answer<Data> | undefined; error: Error | null; dataUpdatedAt: number; refetch: () => unknown };
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
}

/**
 * Asks for a list page by page: `select` returns the list in an answer, and the document takes the cursor as `after`. For `<Loaded>`
 * in `query`; `items` are those of all pages so far. `refetchEveryMs` says how soon the list is asked again while some of it is under way.
 */
export function usePages<Data, Variables extends object, Edge extends { node: unknown }>(
  document: DocumentTypes<Data, Variables>,
  variables: Variables,
  select: (data: Data) => Connection<Edge> | null | undefined,
  { refetchEveryMs }: { refetchEveryMs?: (items: Edge['node'][]) => number | false } = {},
): Pages<Data, Edge> {
  const edgesOf = (pages: readonly Answer<Data>[] = []) => pages.flatMap(({ data }) => select(data)?.edges ?? []);
  const query = useInfiniteQuery({
    queryKey: [nameOf(document), 'pages', variables],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) => {
      const given = pageParam === undefined ? variables : { ...variables, after: pageParam };
      return client.execute(document, given as never, { signal }) as Promise<Answer<Data>>;
    },
    getNextPageParam: ({ data }) => {
      const pageInfo = select(data)?.pageInfo;
      return pageInfo?.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined;
    },
    refetchInterval: ({ state }) => refetchEveryMs?.(edgesOf(state.data?.pages).map(({ node }) => node)) ?? false,
  });
  const pages = query.data?.pages ?? [];
  const edges = edgesOf(pages);
  return {
    edges,
    items: edges.map(({ node }) => node),
    query: { ...query, data: pages[0] },
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
  };
}
