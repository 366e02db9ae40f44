/** Letters with which names begin, beyond ASCII, as ranges of code points (XML 1.0, fifth edition, 2.3). */
const letters: readonly (readonly [from: number, to: number])[] = [
  [0xc0, 0xd6],
  [0xd8, 0xf6],
  [0xf8, 0x2ff],
  [0x370, 0x37d],
  [0x37f, 0x1fff],
  [0x200c, 0x200d],
  [0x2070, 0x218f],
  [0x2c00, 0x2fef],
  [0x3001, 0xd7ff],
  [0xf900, 0xfdcf],
  [0xfdf0, 0xfffd],
  [0x10000, 0xeffff],
];
/** What else may stand in names beyond ASCII: a middle dot, combining marks, ties. */
const marks: typeof letters = [
  [0xb7, 0xb7],
  [0x300, 0x36f],
  [0x203f, 0x2040],
];
const asciiName = /^[A-Za-z_:][\w:.-]*$/;

/** Whether an element, an attribute or an id may be called so: letters of every script may stand in names. */
export function isXmlName(text: string): boolean {
  if (asciiName.test(text)) return true;
  let first = true;
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    const inName = isIn(letters, point) || (point < 0x80 && asciiName.test(first ? char : `_${char}`));
    if (!inName && (first || !isIn(marks, point))) return false;
    first = false;
  }
  return !first;
}

const isIn = (ranges: typeof letters, point: number): boolean =>
  ranges.some(([from, to]) => point >= from && point <= to);

const references = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos));/gi;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The text with its references replaced; null: one of them is to no character of XML. An entity that nobody declared stays as it is written. */
export function decodeXml(text: string): string | null {
  if (!text.includes('&')) return text;
  let legal = true;
  const decoded = text.replace(references, (_whole, decimal?: string, hexadecimal?: string, entity?: string) => {
    if (entity !== undefined) return entities[entity.toLowerCase()] ?? '';
    const code = decimal === undefined ? parseInt(hexadecimal ?? '', 16) : Number(decimal);
    legal &&= isCharacter(code);
    return legal ? String.fromCodePoint(code) : '';
  });
  return legal ? decoded : null;
}

function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}
