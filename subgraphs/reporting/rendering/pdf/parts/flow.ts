import { MARGIN, type PageSize, type ReportDocument } from '#reporting/rendering/pdf/document.js';
import type { Attributes, Element, Tag } from '#reporting/rendering/pdf/tags.js';
import type { Style } from '#reporting/rendering/pdf/text/text.js';

/** Puts paragraphs and blocks one below the other, and starts pages where they do not fit. */
export class Flow {
  readonly document: ReportDocument;
  y: number;

  constructor(document: ReportDocument) {
    this.document = document;
    this.y = document.top;
  }

  async newPage(size?: PageSize): Promise<void> {
    await this.document.addPage(size);
    this.y = this.document.top;
  }

  /** Starts a page unless there is room for a block of this height; one higher than a page starts one, too. */
  async need(height: number): Promise<void> {
    if (this.y + height > this.document.bottom && this.y > this.document.top) await this.newPage();
  }

  /** Draws a text as an element of its own, over several pages if it is that long. */
  async paragraph(tag: Tag, parent: Element, text: string, style: Style, gap = 4): Promise<void> {
    const { document } = this;
    const lines = document.text.layout(text, style, document.contentWidth, document.isRightToLeft ? 'rtl' : 'auto');
    const element = document.tags.start(tag, parent);
    const isHeading = tag.startsWith('H');
    await this.need(document.heightOf(Math.min(lines.length, 3), style) + (isHeading ? 60 : 0));
    for (let from = 0; from < lines.length; ) {
      const room = Math.max(1, Math.floor((document.bottom - this.y) / document.heightOf(1, style)));
      const part = lines.slice(from, from + room);
      document.tags.mark(element, document.page, () => {
        this.y = document.drawParagraph(part, this.y, style);
      });
      from += part.length;
      if (from < lines.length) await this.newPage();
    }
    document.tags.end(element);
    this.y += gap;
  }

  /** Draws what is no text in a place of its own, as a figure with an alternative text. */
  async figure(
    parent: Element,
    height: number,
    attributes: Attributes,
    draw: (x: number, y: number) => void,
  ): Promise<void> {
    await this.need(height);
    const { document } = this;
    const element = document.tags.start('Figure', parent, attributes);
    document.tags.mark(element, document.page, () => draw(MARGIN, this.y));
    document.tags.end(element);
    this.y += height;
  }
}

/** The styles of texts. */
export const styles = {
  title: { size: 26, weight: 'bold' },
  heading: { size: 15, weight: 'bold' },
  subheading: { size: 10, weight: 'bold' },
  body: { size: 9 },
  small: { size: 7.5, color: '#5f6b7a' },
} as const satisfies Record<string, Style>;
