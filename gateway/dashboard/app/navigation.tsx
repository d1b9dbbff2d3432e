import { Link, useLocation } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { type Screen, screens } from './screens.ts';

/** What all screens of figures share in an address, and a link from one to another keeps. */
const SHARED = ['period', 'from', 'to', 'compare', 'currency', 'client'];

function shared(search: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(search).filter(([key]) => SHARED.includes(key)));
}

type Listed = Screen & { navigation: NonNullable<Screen['navigation']> };
const listed = screens.filter((screen): screen is Listed => screen.navigation !== undefined);
const groups = [...new Set(listed.map(({ navigation }) => navigation.group))];

/** The list of screens. The period and the client stay what they are. */
export function Navigation({ onChoose }: { onChoose?: () => void }) {
  const t = useTranslations('app');
  const { pathname } = useLocation();
  return (
    <nav aria-label={t('navigation')} className="navigation">
      {groups.map((group) => (
        <div key={group}>
          <p className="navigation-group">{t(`groups.${group}`)}</p>
          <ul>
            {listed
              .filter(({ navigation }) => navigation.group === group)
              .map(({ path, navigation: { label, icon: Icon } }) => (
                <li key={path}>
                  <Link
                    to={`/app/${path}` as never}
                    search={shared as never}
                    className="navigation-link"
                    aria-current={pathname.startsWith(`/app/${path}`) ? 'page' : undefined}
                    onClick={onChoose}
                  >
                    <Icon aria-hidden size={18} />
                    {t(`screens.${label}`)}
                  </Link>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
