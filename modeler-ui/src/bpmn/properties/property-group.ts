import type { DiagramElement, ModdleChange, ModdleElement, ModdleFactory } from '../moddle.js';
import type { KnownNames } from './known-names.js';

/** A group of fields in the properties panel, as data. Its title is the text `properties.<name>.title`. */
export interface PropertyGroup {
  readonly name: string;
  /** Whether the group is shown for an element. */
  applies(element: DiagramElement): boolean;
  /** Fields of the element as it is now. */
  fields(owner: ModdleElement, known: KnownNames): readonly PropertyField[];
  /** Open when the element is selected. */
  readonly open: boolean;
  /** A list under the fields, shown as a group of its own. */
  readonly list?: PropertyList;
  /** Groups of bpmn-js that this one replaces, by id. */
  readonly replaces?: readonly string[];
}

/** A field. Its texts are `properties.<group>.<name>` and, where there is one, `properties.<group>.<name>Hint`. */
export interface PropertyField {
  readonly name: string;
  /** In the place of the texts, where the field comes from a schema. */
  readonly label?: string;
  readonly hint?: string;
  readonly control: PropertyControl;
  /** Text, or true/false of a checkbox; undefined where nothing is set. */
  read(owner: ModdleElement): unknown;
  /** The change that sets a value, or several that one undo takes back; undefined takes the value away. Null: nothing to change. */
  write(owner: ModdleElement, value: unknown, create: ModdleFactory): ModdleChange | readonly ModdleChange[] | null;
}

export type PropertyControl =
  | { readonly kind: 'text'; readonly suggestions?: readonly string[]; readonly mustBeKnown?: boolean }
  | { readonly kind: 'area' }
  | { readonly kind: 'select'; readonly options: readonly SelectOption[] }
  | { readonly kind: 'checkbox' }
  | { readonly kind: 'stage' };

export interface SelectOption {
  readonly value: string;
  /** Key of the text, or the text itself. */
  readonly label: { readonly key: string } | { readonly text: string };
}

/** Children of an extension that are edited as a list: `xflow:Set` in the `attributes` of `xflow:UpdateProfile`. */
export interface PropertyList {
  /** Its title is `properties.<group>.<name>`, a new item's `properties.<group>.<name>New`. */
  readonly name: string;
  items(owner: ModdleElement): readonly ModdleElement[];
  add(owner: ModdleElement, create: ModdleFactory): ModdleChange;
  remove(owner: ModdleElement, item: ModdleElement): ModdleChange;
  /** Fields of one item; they read and write the item itself. */
  readonly fields: readonly PropertyField[];
}
