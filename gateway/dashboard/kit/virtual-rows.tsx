import { useVirtualizer } from '@tanstack/react-virtual';
import type { ReactNode, RefObject } from 'react';
import { usePrinting } from './use-printing.ts';

export interface VirtualRowsProps {
  scroller: RefObject<HTMLElement | null>;
  count: number;
  columns: number;
  rowAt: (index: number) => ReactNode;
}

const ROW_HEIGHT = 45;

/**
 * The rows of a table that are in sight, between spacers as high as the others. All of them are printed.
 * Loaded for the first long table.
 */
export function VirtualRows({ scroller, count, columns, rowAt }: VirtualRowsProps) {
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const isPrinting = usePrinting();
  if (isPrinting) return <>{Array.from({ length: count }, (_, index) => rowAt(index))}</>;
  const items = virtualizer.getVirtualItems();
  const spacer = (height: number) =>
    height > 0 && (
      <tr aria-hidden>
        <td colSpan={columns} className="spacer" style={{ height }} />
      </tr>
    );
  return (
    <>
      {spacer(items[0]?.start ?? 0)}
      {items.map(({ index }) => rowAt(index))}
      {spacer(virtualizer.getTotalSize() - (items[items.length - 1]?.end ?? 0))}
    </>
  );
}
