import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import PDFDocument from 'pdfkit';
import type { Manifest } from '#reporting/dataset/dataset.js';
import type { Presentation } from '#reporting/rendering/renderer.js';
import { type Texts, textsOf } from '#reporting/texts/texts.js';
import { type Canvas, strokeColor } from './canvas.js';
import { type Document, type Reference, WrittenReference } from './pdfkit.js';
import { Tags } from './tags.js';
import { type Align, LEADING, type Line, type Style, TextEngine } from './text/text.js';

/** The size of a page, in points. */
export interface PageSize {
  width: number;
  height: number;
}

export const A4: PageSize = { width: 595.28, height: 841.89 };
export const A4_LANDSCAPE: PageSize = { width: A4.height, height: A4.width };
export const A3_LANDSCAPE: PageSize = { width: 1190.55, height: 841.89 };

export const MARGIN = 42;
const HEAD = 58;
const FOOT = 46;

const GREY = '#5f6b7a';
const FOOT_STYLE: Style = { size: 7.5, color: GREY };

// What a slow reader has not taken yet: more waits.
const MAX_WAITING_BYTES = 256 * 1024;

/** What is drawn on each page although it is known at the end only. */
interface Foot {
  form: Reference;
  page: number;
  size: PageSize;
}

/** A PDF file that is written page by page. */
export class ReportDocument {
  readonly texts: Texts;
  readonly text: TextEngine;
  readonly tags: Tags;
  readonly branding: Presentation['branding'];
  readonly isRightToLeft: boolean;
  readonly #document: Document;
  readonly #output: Writable;
  readonly #title: string;
  readonly #feet: Foot[] = [];
  readonly #checks: number[] = [];
  #size: PageSize = A4;
  #failure: Error | null = null;

  constructor(manifest: Manifest, presentation: Presentation, output: Writable) {
    this.texts = textsOf(presentation.language);
    this.branding = presentation.branding;
    this.isRightToLeft = this.texts.direction === 'rtl';
    this.#title = manifest.title;
    this.#output = output;
    this.#document = new PDFDocument({
      pdfVersion: '1.7',
      autoFirstPage: false,
      font: null as unknown as string,
      lang: presentation.language,
      displayTitle: true,
      info: {
        Title: manifest.title,
        Author: presentation.branding.name,
        Subject: manifest.hash,
        Creator: 'WebMetrics',
        Producer: 'WebMetrics',
        CreationDate: new Date(manifest.generatedAt),
      },
    }) as unknown as Document;
    // Its XMP metadata have the title unescaped.
    this.#document.endMetadata = () => {};
    this.tags = new Tags(this.#document);
    this.text = new TextEngine(this.#document);
    this.#document.on('data', (chunk: Uint8Array) => output.write(chunk));
    output.on('error', (error) => {
      this.#failure ??= error;
    });
  }

  /** What is drawn goes to the current page. */
  readonly page: Canvas = {
    write: (operators) => this.#document.page.write(operators),
    use: (kind, name, reference) => {
      const { fonts, xobjects } = this.#document.page;
      (kind === 'Font' ? fonts : xobjects)[name] ??= reference;
    },
    spell: (text) => {
      this.#checks[this.#feet.length - 1] = crc32(text, this.#checks[this.#feet.length - 1]);
    },
  };

  /** The CRC-32 of the text of each page, without its foot. */
  get pageChecks(): readonly number[] {
    return this.#checks;
  }

  get size(): PageSize {
    return this.#size;
  }

  get contentWidth(): number {
    return this.#size.width - 2 * MARGIN;
  }

  /** Where the content of a page starts and ends. */
  get top(): number {
    return HEAD;
  }

  get bottom(): number {
    return this.#size.height - FOOT - 8;
  }

  /** Where lines of the language start. */
  get start(): number {
    return this.isRightToLeft ? this.#size.width - MARGIN : MARGIN;
  }

  get startAlign(): Align {
    return this.isRightToLeft ? 'right' : 'left';
  }

  /** Starts a page, after what was drawn before has been taken by the reader. */
  async addPage(size: PageSize = this.#size, hasHead = true): Promise<void> {
    await this.#endPage();
    this.#size = size;
    this.#document.addPage({ size: [size.width, size.height], margin: 0 });
    const form = this.#document.ref({ Type: 'XObject', Subtype: 'Form', BBox: [0, 0, size.width, size.height] });
    this.#feet.push({ form, page: this.#feet.length + 1, size });
    this.#checks.push(0);
    this.page.use('XObject', 'Foot', new WrittenReference(form.id));
    this.tags.artifact(
      this.page,
      () => {
        if (hasHead) this.#drawHead();
        this.page.write('/Foot Do');
      },
      'Pagination',
    );
  }

  #drawHead(): void {
    const half = this.contentWidth / 2 - 8;
    const [title] = this.text.layout(this.#title, FOOT_STYLE, half, 'auto');
    const [name] = this.text.layout(this.branding.name, FOOT_STYLE, half, 'auto');
    const end = this.#size.width - this.start;
    const endAlign = this.isRightToLeft ? 'left' : 'right';
    if (title) this.text.draw(this.page, title, this.start, 34, FOOT_STYLE, this.startAlign);
    if (name) this.text.draw(this.page, name, end, 34, FOOT_STYLE, endAlign);
    const { primaryColor } = this.branding;
    this.page.write(`q 0.7 w ${strokeColor(primaryColor)} ${MARGIN} 41 m ${this.#size.width - MARGIN} 41 l S Q`);
  }

  #drawFoot({ form, page, size }: Foot): void {
    const fonts: Record<string, unknown> = {};
    const canvas: Canvas = {
      write: (operators) => form.write(operators),
      use: (_, name, reference) => {
        fonts[name] = reference;
      },
    };
    const y = size.height - 26;
    const start = this.isRightToLeft ? size.width - MARGIN : MARGIN;
    const endAlign = this.isRightToLeft ? 'left' : 'right';
    const pages = this.texts.text('page.of', { page, pages: this.#feet.length });
    const [number] = this.text.layout(pages, FOOT_STYLE, size.width, this.texts.direction);
    if (number) this.text.draw(canvas, number, size.width - start, y, FOOT_STYLE, endAlign);
    const { footer } = this.branding;
    const width = size.width - 2 * MARGIN - (number?.width ?? 0) - 20;
    const lines = footer ? this.text.layout(footer, FOOT_STYLE, width, 'auto').slice(0, 2) : [];
    this.text.drawLines(canvas, lines, start, y - FOOT_STYLE.size * 1.06, FOOT_STYLE, this.startAlign);
    form.data.Resources = { Font: fonts };
    form.end();
  }

  async #endPage(): Promise<void> {
    if (this.#feet.length === 0) return;
    this.tags.endPage();
    this.#document.flushPages();
    await this.#taken();
  }

  /** Waits until the output takes more, and fails when it was destroyed. */
  async #taken(): Promise<void> {
    // The data of the document are handed over in a turn of the event loop of their own.
    while (this.#document.readableLength > MAX_WAITING_BYTES) await new Promise(setImmediate);
    if (this.#output.writableNeedDrain && !this.#output.destroyed) {
      const ended = new AbortController();
      const { signal } = ended;
      await Promise.race([once(this.#output, 'drain', { signal }), once(this.#output, 'close', { signal })]).finally(
        () => ended.abort(),
      );
    }
    if (this.#failure) throw this.#failure;
    if (this.#output.destroyed) throw new Error('The output of the PDF file was closed');
  }

  /** Adds a line to the outline of the document, for the current page. */
  addBookmark(title: string): void {
    this.#document.outline.addItem(title);
  }

  /** Draws an image within the given size, and returns its height. */
  drawLogo(png: Uint8Array, x: number, y: number, width: number, height: number): void {
    this.#document.image(Buffer.from(png), x, y, { width, height });
  }

  /** Attaches a file to the document. */
  attach(name: string, type: string, content: Uint8Array, description: string): void {
    this.#document.file(content as Buffer, { name, type, description, hidden: false });
  }

  /** Draws a paragraph at the start of the lines from `y`, and returns where it ends. */
  drawParagraph(lines: Line[], y: number, style: Style): number {
    return this.text.drawLines(this.page, lines, this.start, y, style, this.startAlign);
  }

  /** Returns the height of lines of a style. */
  heightOf(lines: number, style: Style): number {
    return lines * style.size * LEADING;
  }

  /** Writes what is known at the end only, and ends the output. */
  async end(): Promise<void> {
    await this.#endPage();
    for (const foot of this.#feet) this.#drawFoot(foot);
    this.text.end();
    this.tags.finish();
    const ended = once(this.#document, 'end');
    this.#document.end();
    await ended;
    await this.#taken();
    this.#output.end();
    await finished(this.#output, { readable: false });
  }
}
