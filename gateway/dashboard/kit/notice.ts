/** A short message in passing. */
export interface Notice {
  title: string;
  text?: string;
  /** `failed` is read out at once. */
  kind?: 'done' | 'failed';
  /** Takes back what was done. */
  undo?: { label: string; onUndo: () => void };
}
