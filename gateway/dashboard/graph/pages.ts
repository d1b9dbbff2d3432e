import { useInfiniteQuery } from '@tanstack/react-query';
import type { Answer, DocumentTypes } from '#gateway/client/index.js';
import { client } from './client.ts';
import { nameOf } from './query.ts';

interface Connection<Item> {
  edges: readonly { node: Item }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

/**
 * Asks for a list page by page: `select` returns the list in an answer, and the document takes the cursor as `after`. For `<Loaded>`
 * in `query`; `items` are those of all pages so far. `refetchEveryMs` says how soon the list is asked again while some of it is under way.
 */
export function usePages<Data, Variables extends object, Item>(
  document: DocumentTypes<Data, Variables>,
  variables: Variables,
  select: (data: Data) => Connection<Item> | null | undefined,
  { refetchEveryMs }: { refetchEveryMs?: (items: Item[]) => number | false } = {},
) {
  const itemsOf = (pages: readonly Answer<Data>[] = []) =>
    pages.flatMap(({ data }) => select(data)?.edges.map(({ node }) => node) ?? []);
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
    refetchInterval: ({ state }) => refetchEveryMs?.(itemsOf(state.data?.pages)) ?? false,
  });
  const pages = query.data?.pages ?? [];
  return {
    items: itemsOf(pages),
    /** The first page, whose errors and age are those of the list. */
    query: { ...query, data: pages[0] },
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
  };
}
