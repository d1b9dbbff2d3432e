/** How much of some work is done, in percent, with the words that say so. */
export function Progress({ label, percent, text }: { label: string; percent: number; text?: string }) {
  return (
    <span className="progress">
      <progress className="progress-bar" max={100} value={percent} aria-label={label} />
      {text && <span className="progress-text">{text}</span>}
    </span>
  );
}
