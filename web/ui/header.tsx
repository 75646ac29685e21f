/** The bar on top of every page: where I am on the left, language, colours and account on the right. */
import { Button, Menu } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { forgetEverything, useSession } from '../api/queries.ts';
import { call } from '../api/rest.ts';
import { useTexts } from './i18n.ts';
import { Icon } from './icons.tsx';
import { RoomMark } from './mark.tsx';
import { usePreferences } from './preferences.ts';
import { savePreferences } from './preferences-account.ts';
import './header.css';

export function Header({ children, actions }: { children?: ReactNode; actions?: ReactNode }) {
  const t = useTexts();
  return (
    <header className="header" data-panel="header">
      <Link to="/" className="header-home" aria-label={t('app.labs')} title={t('app.labs')}>
        <RoomMark />
      </Link>
      {children ?? <PageNav />}
      <span className="grow" />
      {actions}
      <LanguageSwitch />
      <ThemeSwitch />
      <AccountMenu />
    </header>
  );
}

/** Trainees have their labs and what runs for them; those who run a class have more. */
function PageNav() {
  const t = useTexts();
  const session = useSession();
  const role = session?.me?.role;
  const name = session?.look.name;
  if (!role) return <span className="header-title">{name ?? t('app.name')}</span>;
  return (
    <nav aria-label={t('app.pages')}>
      <Link to="/" activeOptions={{ exact: true }}>
        {t('app.labs')}
      </Link>
      <Link to="/environments">{t('app.environments')}</Link>
      {role !== 'trainee' && <Link to="/classes">{t('app.classes')}</Link>}
      {role !== 'trainee' && <Link to="/trainees">{t('app.trainees')}</Link>}
      {role === 'administrator' && <Link to="/accounts">{t('app.people')}</Link>}
      {role === 'administrator' && <Link to="/admin">{t('admin.title')}</Link>}
    </nav>
  );
}

export function LanguageSwitch() {
  const t = useTexts();
  const { language } = usePreferences();
  return (
    <Button
      variant="subtle"
      color="gray"
      className="header-quiet"
      data-testid="language"
      data-language={language}
      lang={language === 'ko' ? 'en' : 'ko'}
      title={t('app.languageOther')}
      onClick={() => savePreferences({ language: language === 'ko' ? 'en' : 'ko' })}
    >
      {language === 'ko' ? 'English' : '한국어'}
    </Button>
  );
}

const themeOrder = { system: 'light', light: 'dark', dark: 'system' } as const;
const themeIcon = { system: 'device', light: 'sun', dark: 'moon' } as const;
const themeText = { system: 'app.themeSystem', light: 'app.themeLight', dark: 'app.themeDark' } as const;

export function ThemeSwitch() {
  const t = useTexts();
  const { theme } = usePreferences();
  const now = t(themeText[theme]);
  return (
    <Button
      variant="subtle"
      color="gray"
      className="header-quiet header-icon"
      data-testid="theme"
      data-theme={theme}
      aria-label={`${t('app.theme')}: ${now}`}
      title={`${t('app.theme')}: ${now}`}
      onClick={() => savePreferences({ theme: themeOrder[theme] })}
    >
      <Icon name={themeIcon[theme]} size={16} />
    </Button>
  );
}

function AccountMenu() {
  const t = useTexts();
  const navigate = useNavigate();
  const me = useSession()?.me;
  if (!me) return null;
  const signOut = async (): Promise<void> => {
    await call('signOut');
    await forgetEverything();
    await navigate({ to: '/sign-in' });
  };
  return (
    <Menu position="bottom-end" width={200} shadow="md">
      <Menu.Target>
        <Button variant="subtle" color="gray" className="header-quiet header-account" data-testid="account">
          <span className="header-account-name">{me.guest ? t('account.guest') : me.displayName}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <span className="mono">{me.name}</span> · {t(`account.roles.${me.role}`)}
        </Menu.Label>
        <Menu.Item component={Link} to="/">
          {t('app.labs')}
        </Menu.Item>
        {me.role === 'trainee' && (
          <Menu.Item component={Link} to="/join">
            {t('class.enter')}
          </Menu.Item>
        )}
        {me.role !== 'trainee' && (
          <Menu.Item component={Link} to="/classes">
            {t('app.classes')}
          </Menu.Item>
        )}
        <Menu.Item component={Link} to="/environments">
          {t('app.environments')}
        </Menu.Item>
        {me.role !== 'trainee' && (
          <Menu.Item component={Link} to="/trainees">
            {t('app.trainees')}
          </Menu.Item>
        )}
        {me.role === 'administrator' && (
          <Menu.Item component={Link} to="/accounts">
            {t('app.people')}
          </Menu.Item>
        )}
        {!me.guest && (
          <Menu.Item component={Link} to="/account">
            {t('app.account')}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut()}>{t('app.signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
