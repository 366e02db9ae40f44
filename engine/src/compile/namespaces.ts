import { splitName } from './meta-model.js';

/** Namespaces that one element declares, and those it inherits (Namespaces in XML 1.0): makes the names of a file those of the meta-model. */
export class Namespaces {
  private readonly elementNames = new Map<string, string | null>();

  private constructor(
    /** Prefixes of the meta-model by those of the file; that of elements without prefix is the empty one. */
    private readonly prefixes: ReadonlyMap<string, string>,
    /** By namespace; grows while a file is read, so that each namespace keeps the prefix that it got first. */
    private readonly known: Map<string, string>,
  ) {}

  static ofFile(known: ReadonlyMap<string, string>): Namespaces {
    return new Namespaces(new Map([...known.values()].map((prefix) => [prefix, prefix])), new Map(known));
  }

  /** What holds inside of an element with these attributes (names and values by turns). */
  declaredBy(attributes: readonly string[]): Namespaces {
    let prefixes: Map<string, string> | null = null;
    for (let at = 0; at < attributes.length; at += 2) {
      const name = attributes[at]!;
      if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
      const declared = splitName(name)[1];
      prefixes ??= new Map(this.prefixes);
      prefixes.set(
        name === 'xmlns' ? '' : declared,
        this.prefixOf(attributes[at + 1]!, name === 'xmlns' ? '' : declared),
      );
    }
    return prefixes === null ? this : new Namespaces(prefixes, this.known);
  }

  /** Null: the prefix is not declared. */
  element(name: string): string | null {
    let known = this.elementNames.get(name);
    if (known === undefined) {
      const [prefix, local] = splitName(name);
      const own = this.prefixes.get(prefix);
      known = own === undefined ? (prefix === '' ? local : null) : `${own}:${local}`;
      this.elementNames.set(name, known);
    }
    return known;
  }

  /** An attribute without prefix belongs to its element. Null: the prefix is not declared. */
  attribute(name: string): string | null {
    if (!name.includes(':') || name.startsWith('xmlns:')) return name;
    const [prefix, local] = splitName(name);
    const own = this.prefixes.get(prefix);
    if (own === undefined) return null;
    return own === this.prefixes.get('') ? local : `${own}:${local}`;
  }

  private prefixOf(namespace: string, declared: string): string {
    const known = this.known.get(namespace);
    if (known !== undefined) return known;
    const taken = new Set(this.known.values());
    let prefix = declared;
    for (let number = 0; prefix === '' || taken.has(prefix); number += 1) prefix = `ns${number}`;
    this.known.set(namespace, prefix);
    return prefix;
  }
}
