import { type ReactNode, useEffect } from 'react';

export interface PageProps {
  /** The heading of the screen, and the title of the browser's tab. */
  title: string;
  text?: ReactNode;
  /** What the screen lets do, beside its title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame of every screen. */
export function Page({ title, text, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · WebMetrics`;
  }, [title]);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>
            <bdi>{title}</bdi>
          </h1>
          {text && <p className="page-text">{text}</p>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
