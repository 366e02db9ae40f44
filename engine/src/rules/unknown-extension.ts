import { type BpmnElement, textOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';
import { type Extended, hasCounterpart } from '../compile/foreign-mappings.js';

export const unknownExtension: Rule = {
  name: 'unknown-extension',
  level: 'warning',
  *check(diagram) {
    const first = new Map<string, { readonly id: string; count: number }>();
    for (const extended of diagram.extended)
      for (const name of namesIn(extended)) {
        const seen = first.get(name);
        if (seen) seen.count += 1;
        else first.set(name, { id: extended.id, count: 1 });
      }
    for (const [name, { id, count }] of first)
      yield {
        elementId: id,
        message: `The extension ${name} is ignored: it is not part of the xflow language${count > 1 ? ` (${count} elements have it)` : ''}.`,
        remedy: 'Express what it means in the xflow language, or leave it if nothing depends on it.',
      };
  },
};

function namesIn({ extensions, attributes }: Extended): string[] {
  const names = [...extensions.map(({ $type }) => $type), ...attributes.filter((name) => name.includes(':'))];
  return [
    ...names.filter((name) => !name.startsWith('xflow:') && !name.startsWith('xmlns') && !hasCounterpart(name)),
    ...extensions.flatMap(partsWithoutCounterpart),
  ];
}

/** Parts of extensions that are read, which have no counterpart themselves. */
function partsWithoutCounterpart(extension: BpmnElement): string[] {
  if (extension.$type === 'zeebe:taskDefinition')
    return textOf(extension, 'retries') === null ? [] : ['zeebe:taskDefinition retries'];
  if (extension.$type === 'camunda:inputOutput')
    return (extension.$children ?? []).some(({ $children = [] }) => $children.length > 0)
      ? ['camunda:inputOutput with scripts, lists or maps']
      : [];
  return [];
}
