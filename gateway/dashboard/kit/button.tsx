import { LoaderCircle } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactNode } from 'react';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary`: what the screen is for, once. `danger`: what deletes. */
  look?: 'primary' | 'plain' | 'quiet' | 'danger';
  /** Shows that work is under way, and refuses a second click. */
  isBusy?: boolean;
  icon?: ReactNode;
}

/** A button. While busy it keeps the focus and its name, and does nothing. */
export function Button({
  look = 'plain',
  isBusy = false,
  icon,
  children,
  onClick,
  className = '',
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`button button-${look} ${className}`}
      aria-busy={isBusy || undefined}
      aria-disabled={isBusy || rest['aria-disabled']}
      onClick={(event) => (isBusy ? event.preventDefault() : onClick?.(event))}
    >
      {isBusy ? <LoaderCircle className="spin" aria-hidden size={16} /> : icon}
      {children && <span>{children}</span>}
    </button>
  );
}
