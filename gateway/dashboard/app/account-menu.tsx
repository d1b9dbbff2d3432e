import { onDemand, type TriggerProps } from '#dashboard/kit/on-demand.tsx';
import { AccountLabel } from './account-label.tsx';

function ClosedMenu({ trigger }: { trigger: TriggerProps }) {
  return (
    <button
      type="button"
      className="button button-quiet account"
      aria-haspopup="menu"
      aria-expanded={false}
      {...trigger}
    >
      <AccountLabel />
    </button>
  );
}

/** The menu of the signed-in user, which is loaded when it is opened. */
export const AccountMenu = onDemand(ClosedMenu, () => import('./account-list.tsx').then((list) => list.AccountList));
