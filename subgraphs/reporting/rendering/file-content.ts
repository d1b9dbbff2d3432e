import { PassThrough } from 'node:stream';

/** The content of a file on its way to a reader. */
export class FileContent extends PassThrough {
  #takenAt = performance.now();

  /** For how long the reader has taken nothing of what is there; 0 while it waits for more. */
  get stalledMs(): number {
    const isFull = this.readableLength >= this.readableHighWaterMark;
    return isFull ? performance.now() - this.#takenAt : 0;
  }

  override _read(size: number): void {
    this.#takenAt = performance.now();
    super._read(size);
  }
}
