import { Popover } from '@base-ui/react/popover';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { OwnDays } from './own-days.tsx';
import { type PeriodWord, periods } from './period.ts';
import { PeriodLabel } from './period-label.tsx';
import { useQuestion } from './use-search.ts';

/** The period with the list to choose it from, open at first. */
export function PeriodList() {
  const t = useTranslations('app.period');
  const [{ period, from, to }, change] = useQuestion();
  const [isOpen, setOpen] = useState(true);
  const isCustom = from !== undefined && to !== undefined;
  const choose = (word: PeriodWord) => {
    setOpen(false);
    void change({ period: word, from: undefined, to: undefined });
  };
  const apply = (days: { from: string; to: string }) => {
    setOpen(false);
    void change(days);
  };
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger className="input select period-trigger">
        <PeriodLabel />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="layer" sideOffset={4} align="start">
          <Popover.Popup className="popup period-popup" aria-label={t('label')}>
            <ul className="period-list">
              {(Object.keys(periods) as PeriodWord[]).map((word) => (
                <li key={word}>
                  <button
                    type="button"
                    className="menu-item"
                    aria-current={!isCustom && word === period ? 'true' : undefined}
                    onClick={() => choose(word)}
                  >
                    {t(word)}
                  </button>
                </li>
              ))}
            </ul>
            <OwnDays from={from} to={to} onApply={apply} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
