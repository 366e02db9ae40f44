import {
  CheckboxEntry,
  SelectEntry,
  TextAreaEntry,
  TextFieldEntry,
  isCheckboxEntryEdited,
  isSelectEntryEdited,
  isTextAreaEntryEdited,
  isTextFieldEntryEdited,
} from '@bpmn-io/properties-panel';
import { h, type ComponentChild } from '@bpmn-io/properties-panel/preact';
import { useEffect, useRef } from '@bpmn-io/properties-panel/preact/hooks';
import type { Texts } from '../localization/texts.js';
import type { DiagramElement, ModdleElement } from '../moddle.js';
import type { PropertyField } from './property-group.js';
import { StageEntry } from './stage-entry.js';

/** What an entry needs of the diagram. */
export interface EntryContext {
  readonly texts: Texts;
  /** Delays commits while the user types. */
  readonly debounce: unknown;
  readonly change: (element: DiagramElement, field: PropertyField, owner: ModdleElement, value: unknown) => void;
}

/** An entry of the properties panel. */
export interface PanelEntry {
  readonly id: string;
  readonly component: (props: { readonly element: DiagramElement }) => ComponentChild;
  readonly isEdited: (node: unknown) => boolean;
}

/** The panel's entry for a field. `owner` is the element of the model that the field reads and writes. */
export function panelEntry(
  group: string,
  field: PropertyField,
  owner: ModdleElement,
  id: string,
  context: EntryContext,
): PanelEntry {
  const { texts } = context;
  const key = `properties.${group}.${field.name}`;
  const label = field.label ?? texts.t(key);
  const hint = field.hint ?? (texts.has(`${key}Hint`) ? texts.t(`${key}Hint`) : undefined);
  const { control } = field;

  const component = ({ element }: { readonly element: DiagramElement }): ComponentChild => {
    const common = {
      id,
      element,
      label,
      description: hint,
      debounce: context.debounce,
      getValue: () => field.read(owner),
      setValue: (value: unknown) => context.change(element, field, owner, value),
    };
    switch (control.kind) {
      case 'text': {
        const { suggestions, mustBeKnown } = control;
        if (suggestions === undefined) return h(TextFieldEntry, common);
        const validate = (value: unknown): string | null =>
          mustBeKnown &&
          typeof value === 'string' &&
          !value.startsWith('=') &&
          suggestions.length > 0 &&
          !suggestions.includes(value)
            ? texts.t('properties.unknownName', { name: value })
            : null;
        return h(SuggestedTextEntry, { ...common, validate, suggestions });
      }
      case 'area':
        return h(TextAreaEntry, { ...common, autoResize: true, monospace: true });
      case 'select':
        return h(SelectEntry, {
          ...common,
          getValue: () => field.read(owner) ?? '',
          setValue: (value: unknown) => common.setValue(value === '' ? undefined : value),
          getOptions: () =>
            control.options.map(({ value, label: text }) => ({
              value,
              label: 'key' in text ? texts.t(text.key) : text.text,
            })),
        });
      case 'checkbox':
        return h(CheckboxEntry, {
          ...common,
          getValue: () => field.read(owner) === true,
          setValue: (value: unknown) => common.setValue(value === true ? true : undefined),
        });
      case 'stage':
        return h(StageEntry, { ...common, texts });
    }
  };
  const isEdited = {
    text: isTextFieldEntryEdited,
    area: isTextAreaEntryEdited,
    select: isSelectEntryEdited,
    checkbox: isCheckboxEntryEdited,
    stage: () => field.read(owner) !== undefined,
  }[control.kind];
  return { id, component, isEdited };
}

/** A text field that suggests names; the panel's own field has no list to choose from, so one is tied to its input. */
function SuggestedTextEntry(props: {
  readonly id: string;
  readonly suggestions: readonly string[];
  readonly [name: string]: unknown;
}): ComponentChild {
  const frame = useRef<HTMLDivElement>(null);
  const listId = `suggestions-${props.id}`;
  useEffect(() => {
    const input = frame.current?.querySelector('input');
    input?.setAttribute('list', listId);
    input?.setAttribute('autocomplete', 'off');
  }, [listId]);
  return h('div', { ref: frame, class: 'suggested-entry' }, [
    h(TextFieldEntry, props),
    h(
      'datalist',
      { id: listId },
      props.suggestions.map((value) => h('option', { key: value, value })),
    ),
  ]);
}
