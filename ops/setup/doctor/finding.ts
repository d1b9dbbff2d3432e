/** What a check found out about one thing. */
export interface Finding {
  level: 'ok' | 'warning' | 'problem';
  /** What is the case. */
  message: string;
  /** What to do about it; absent where nothing is to be done. */
  advice?: string;
}

export const ok = (message: string): Finding => ({ level: 'ok', message });
export const warning = (message: string, advice: string): Finding => ({ level: 'warning', message, advice });
export const problem = (message: string, advice: string): Finding => ({ level: 'problem', message, advice });
