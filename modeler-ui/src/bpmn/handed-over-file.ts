/** A file from the reader's disk, on its way from the page where it was chosen to the modeler. */
export interface DiagramFile {
  readonly name: string;
  readonly xml: string;
}
let waiting: DiagramFile | null = null;

export function handOver(file: DiagramFile): void {
  waiting = file;
}

/** The file that waits, once; null where none does. */
export function takeHandedOver(): DiagramFile | null {
  const file = waiting;
  waiting = null;
  return file;
}
