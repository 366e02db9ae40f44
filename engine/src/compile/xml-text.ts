import { NAME_RE } from 'xmlchars/xml/1.0/ed5.js';

/** Whether an element, an attribute or an id may be called so: letters of every script may stand in names (XML 1.0, fifth edition, 2.3). */
export function isXmlName(text: string): boolean {
  return NAME_RE.test(text);
}
