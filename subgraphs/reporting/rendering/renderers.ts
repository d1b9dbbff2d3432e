import type { Format, Presentation, Renderer } from './renderer.js';

interface FileFormat {
  /** The media type. */
  type: string;
  /** Loads the renderer: what it needs is loaded by the process that renders. */
  load(): Promise<Renderer>;
  /** Whether rendering takes so much work that it is done in a process of its own. */
  isHeavy(presentation: Presentation): boolean;
}

const fileFormats: Record<Format, FileFormat> = {
  pdf: {
    type: 'application/pdf',
    load: async () => (await import('./pdf/render-pdf.js')).renderPdf,
    isHeavy: () => true,
  },
  xlsx: {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    load: async () => (await import('./xlsx/render-xlsx.js')).renderXlsx,
    isHeavy: () => true,
  },
  csv: {
    type: 'text/csv; charset=utf-8',
    load: async () => (await import('./csv/render-csv.js')).renderCsv,
    // As it is stored, it is passed on: each row is parsed and written anew for another form.
    isHeavy: ({ excel, section }) => excel !== undefined || section !== undefined,
  },
};

/** Returns a format by the end of a file's name; undefined for another one. */
export function fileFormatOf(format: string): FileFormat | undefined {
  return Object.hasOwn(fileFormats, format) ? fileFormats[format as Format] : undefined;
}
