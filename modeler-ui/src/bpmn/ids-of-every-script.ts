import type { ModdleElement } from './moddle.js';

/** The part of moddle that reads files. */
interface FileReader {
  fromXML: (xml: string, ...given: never[]) => Promise<unknown>;
}

interface Context {
  readonly elementsById: Record<string, ModdleElement>;
  addElement: (element: DescribedElement) => void;
}

interface DescribedElement extends ModdleElement {
  readonly $descriptor: { readonly idProperty?: { readonly name: string } };
}

/** As in XML, where letters of every script may stand in names. */
const xmlName = /^[\p{L}_:][\p{L}\p{N}\p{M}_:.\-·]*$/u;

/**
 * Makes moddle read ids such as `订单`: it takes letters of ASCII only, and leaves out the elements that have others, so that saving would
 * lose them. It has no option for that; what takes its elements can be replaced where it is handed out.
 */
export function readIdsOfEveryScript(moddle: FileReader): void {
  const read = moddle.fromXML as (xml: string, type: string, options: object) => Promise<unknown>;
  moddle.fromXML = (xml) => read.call(moddle, xml, 'bpmn:Definitions', { handler: handlerThatTakesIds });
}

/** A reader's own handler, whose context takes elements by the names of XML. */
function handlerThatTakesIds(this: { handler: (type: string) => object }, type: string): object {
  const prototype = Object.getPrototypeOf(this) as typeof this;
  let context: Context | undefined;
  return Object.defineProperty(prototype.handler.call(this, type), 'context', {
    get: () => context,
    set: (given: Context) => {
      given.addElement = (element) => take(element, given.elementsById);
      context = given;
    },
  });
}

function take(element: DescribedElement, elementsById: Context['elementsById']): void {
  const { idProperty } = element.$descriptor;
  const id = idProperty ? element[idProperty.name] : undefined;
  if (typeof id !== 'string' || id === '') return;
  if (!xmlName.test(id)) throw new Error(`illegal ID <${id}>`);
  if (elementsById[id]) throw new Error(`duplicate ID <${id}>`);
  elementsById[id] = element;
}
