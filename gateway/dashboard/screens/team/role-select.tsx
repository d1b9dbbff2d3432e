import { useTranslations } from 'use-intl';
import { type Role, useHasRole } from '#dashboard/graph/me.ts';
import { Select } from '#dashboard/kit/select.tsx';

const ROLES: Role[] = ['OWNER', 'ADMIN', 'ANALYST', 'VIEWER'];

/** The roles that a caller can give, with what each may do: an owner any, an administrator those below. */
export function RoleSelect({ value, onChange }: { value: Role; onChange: (role: Role) => void }) {
  const t = useTranslations('team');
  const tRoles = useTranslations('app.roles');
  const isOwner = useHasRole('OWNER');
  const options = ROLES.filter((role) => isOwner || role !== 'OWNER').map((role) => ({
    value: role,
    label: `${tRoles(role)} – ${t(`does.${role}`)}`,
  }));
  return <Select label={t('role')} value={value} options={options} onChange={onChange} />;
}
