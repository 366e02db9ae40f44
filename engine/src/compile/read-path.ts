import type { BpmnElement } from './bpmn-element.js';
import type { Reader } from './reader.js';

/** Parts of a path; values are nested so deep at most by a mapping. */
const maxParts = 20;

/** The variable and the names of the part in it that `order.items.first` means. `place` as in "the output order". */
export function readPath(
  element: BpmnElement,
  place: string,
  text: string,
  reader: Reader,
): { readonly name: string; readonly path: readonly string[] } {
  const [name = '', ...path] = text.split('.', maxParts + 1);
  if (path.length >= maxParts || (path.length > 0 && [name, ...path].includes('')))
    reader.mistake(
      element,
      place,
      `The name ${text.slice(0, 200)} is no path of at most ${maxParts} names.`,
      'Write the name of a variable, or of a part of it, as in order.total.',
    );
  return { name, path: Object.freeze(path) };
}
