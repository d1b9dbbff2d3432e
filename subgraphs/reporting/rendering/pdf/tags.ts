import type { Canvas } from './canvas.js';
import { type Document, type Reference, WrittenReference } from './pdfkit.js';

/** Tags of the structure of a document (ISO 32000-1, 14.8.4). */
export type Tag =
  | 'Document'
  | 'Sect'
  | 'H1'
  | 'H2'
  | 'H3'
  | 'P'
  | 'Figure'
  | 'Table'
  | 'TR'
  | 'TH'
  | 'TD'
  | 'L'
  | 'LI'
  | 'LBody';

/** An element of the structure. It is written when it ends: then only its number is kept. */
export interface Element {
  tag: Tag;
  reference: Reference;
  kids: unknown[];
  page: Reference | null;
}

/** What an element says beside its content. */
export interface Attributes {
  /** Of a figure: what it shows. */
  alternative?: string;
  /** Of a head of a table. */
  scope?: 'Column' | 'Row';
  columns?: number;
  /** An identifier by which programs find it. */
  id?: string;
}

/**
 * Writes the structure of a tagged PDF as the document is drawn. pdfkit's own keeps every element until the end; of a table of thousands
 * of cells that is most of the memory.
 */
export class Tags {
  readonly #document: Document;
  readonly #root: Reference;
  readonly #parents: unknown[] = [];
  /** The element of each marked content of the current page. */
  #marked: WrittenReference[] = [];
  readonly document: Element;

  constructor(document: Document) {
    this.#document = document;
    this.#root = document.ref({ Type: 'StructTreeRoot' });
    document._root.data.StructTreeRoot = this.#root;
    document._root.data.MarkInfo = document.ref({ Marked: true });
    this.document = this.#start('Document', this.#root, {});
    this.#root.data.K = [this.document.reference];
  }

  /** Starts an element within another. */
  start(tag: Tag, parent: Element, attributes: Attributes = {}): Element {
    const element = this.#start(tag, parent.reference, attributes);
    parent.kids.push(new WrittenReference(element.reference.id));
    return element;
  }

  #start(tag: Tag, parent: Reference, { alternative, scope, columns, id }: Attributes): Element {
    const reference = this.#document.ref({ S: tag, P: new WrittenReference(parent.id) });
    if (alternative) reference.data.Alt = new String(alternative);
    if (id) reference.data.T = new String(id);
    if (scope) reference.data.A = { O: 'Table', Scope: scope };
    if (columns && columns > 1) reference.data.A = { O: 'Table', ColSpan: columns };
    return { tag, reference, kids: [], page: null };
  }

  /** Draws content of an element. */
  mark(element: Element, canvas: Canvas, draw: () => void): void {
    const { dictionary } = this.#document.page;
    const id = this.#marked.push(new WrittenReference(element.reference.id)) - 1;
    element.page ??= dictionary;
    const isHere = element.page === dictionary;
    element.kids.push(isHere ? id : { Type: 'MCR', Pg: new WrittenReference(dictionary.id), MCID: id });
    canvas.write(`/${element.tag} <</MCID ${id}>> BDC`);
    draw();
    canvas.write('EMC');
  }

  /** Draws content that is no part of the text: lines, areas, heads and feet of pages. */
  artifact(canvas: Canvas, draw: () => void, type?: 'Pagination' | 'Layout'): void {
    canvas.write(type ? `/Artifact <</Type /${type}>> BDC` : '/Artifact BMC');
    draw();
    canvas.write('EMC');
  }

  end(element: Element): void {
    const { reference, kids, page } = element;
    if (page) reference.data.Pg = new WrittenReference(page.id);
    reference.data.K = kids;
    reference.end();
    reference.data = {};
    element.kids = [];
  }

  /** Ends the current page. */
  endPage(): void {
    if (this.#marked.length === 0) return;
    const { dictionary } = this.#document.page;
    dictionary.data.StructParents = this.#parents.length / 2;
    dictionary.data.Tabs = 'S';
    const elements = this.#document.ref(this.#marked);
    elements.end();
    this.#parents.push(this.#parents.length / 2, new WrittenReference(elements.id));
    this.#marked = [];
  }

  /** Ends the document; its root is written by pdfkit. */
  finish(): void {
    this.end(this.document);
    const parents = this.#document.ref({ Nums: this.#parents });
    parents.end();
    Object.assign(this.#root.data, { ParentTree: parents, ParentTreeNextKey: this.#parents.length / 2 });
  }
}
