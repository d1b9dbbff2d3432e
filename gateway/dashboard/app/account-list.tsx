import { Menu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useMe } from '#dashboard/graph/me.ts';
import { AccountLabel } from './account-label.tsx';
import { type Language, languages, type Theme, themes, usePreference } from './preferences.ts';
import { signOut } from './sign-out.ts';

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}

function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <Menu.Group>
      <Menu.GroupLabel className="menu-label">{label}</Menu.GroupLabel>
      <Menu.RadioGroup value={value} onValueChange={(next) => onChange(next as Value)}>
        {options.map((option) => (
          <Menu.RadioItem key={option.value} value={option.value} className="menu-item" closeOnClick>
            {option.label}
            <Menu.RadioItemIndicator className="menu-mark">
              <Check aria-hidden size={16} />
            </Menu.RadioItemIndicator>
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </Menu.Group>
  );
}

/** Who is signed in where, the looks of the page, and the way out: the button with its menu, open at first. */
export function AccountList() {
  const t = useTranslations('app');
  const [theme, setTheme] = usePreference('theme');
  const [language, setLanguage] = usePreference('language');
  const me = useMe();
  const languageNames = Object.keys(languages) as Language[];
  return (
    <Menu.Root defaultOpen>
      <Menu.Trigger className="button button-quiet account">
        <AccountLabel />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="layer" sideOffset={6} align="end">
          <Menu.Popup className="popup menu">
            {me && (
              <p className="menu-person">
                <bdi>{me.name}</bdi>
                <bdi className="faint">{me.email}</bdi>
              </p>
            )}
            <Choice<Theme>
              label={t('account.theme')}
              value={theme}
              options={themes.map((value) => ({ value, label: t(`theme.${value}`) }))}
              onChange={setTheme}
            />
            <Choice<Language>
              label={t('account.language')}
              value={language}
              options={languageNames.map((value) => ({ value, label: t(`language.${value}`) }))}
              onChange={setLanguage}
            />
            <Menu.Separator className="menu-line" />
            <Menu.Item className="menu-item" render={<a href="/start">{t('account.developers')}</a>} />
            <Menu.Item className="menu-item" onClick={() => void signOut()}>
              {t('account.signOut')}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
