import { useTranslations } from 'use-intl';
import { Button } from './button.tsx';

/** Loads the next page of a list of `usePages`, where there is one. */
export function LoadMore({ list }: { list: { hasMore: boolean; isLoadingMore: boolean; loadMore: () => void } }) {
  const t = useTranslations('app');
  if (!list.hasMore) return null;
  return (
    <div className="load-more">
      <Button isBusy={list.isLoadingMore} onClick={list.loadMore}>
        {t('more')}
      </Button>
    </div>
  );
}
