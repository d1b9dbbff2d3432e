import './sign-in.css';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import { Brand } from '#dashboard/app/brand.tsx';
import { HOME } from '#dashboard/app/screens.ts';
import { queryClient } from '#dashboard/graph/query.ts';
import { useSearchOf } from '#dashboard/kit/use-search.ts';
import { ForgottenForm } from './forgotten-form.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { SignUpForm } from './sign-up-form.tsx';

const schema = z.object({
  /** Where it leads afterwards: a page of the dashboard and no other. */
  to: z.catch(z.optional(z.string().check(z.regex(/^\/app\/(?!\/)/))), undefined),
  view: z.catch(z.enum(['sign-in', 'sign-up', 'forgotten']), 'sign-in'),
});

const titles = { 'sign-in': 'title', 'sign-up': 'signUpTitle', forgotten: 'forgottenTitle' } as const;

/** The way in: signing in or up, or asking for a new password. */
export function Screen() {
  const t = useTranslations('signIn');
  const navigate = useNavigate();
  const [{ to, view }, change] = useSearchOf(schema);
  useEffect(() => {
    document.title = `${t(titles[view])} · WebMetrics`;
  }, [t, view]);
  const enter = () => {
    queryClient.clear();
    void navigate({ href: to ?? HOME } as never);
  };
  const link = (next: typeof view, label: 'forgotten' | 'signUp' | 'haveAccount') => (
    <button type="button" className="link" onClick={() => void change({ view: next })}>
      {t(label)}
    </button>
  );
  return (
    <main className="entrance">
      <section className="entrance-lead">
        <Brand />
        <p className="entrance-claim">{t('lead')}</p>
        <ul>
          <li>{t('point1')}</li>
          <li>{t('point2')}</li>
          <li>{t('point3')}</li>
        </ul>
      </section>
      <div className="entrance-form">
        <div className="entrance-card">
          <h1>{t(titles[view])}</h1>
          {view === 'sign-in' && <SignInForm onSignedIn={enter} />}
          {view === 'sign-up' && <SignUpForm onSignedIn={enter} />}
          {view === 'forgotten' && <ForgottenForm />}
          <p className="entrance-links">
            {view === 'sign-in' ? link('forgotten', 'forgotten') : link('sign-in', 'haveAccount')}
            {view !== 'sign-up' && link('sign-up', 'signUp')}
          </p>
        </div>
      </div>
    </main>
  );
}
