import { type BpmnElement, textOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';
import { readRetry } from '../compile/read-retry.js';
import { type Extended, hasCounterpart, ignoredAttributes } from '../compile/foreign-mappings.js';

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

function namesIn({ part, extensions, attributes }: Extended): string[] {
  const names = [...extensions.map(({ $type }) => $type), ...attributes.filter((name) => name.includes(':'))];
  const types = new Set(extensions.map(({ $type }) => $type));
  return [
    ...names.filter((name) => !name.startsWith('xflow:') && !name.startsWith('xmlns') && !hasCounterpart(name, part)),
    ...extensions.flatMap(partsWithoutCounterpart),
    // They are the configuration of a job.
    ...(types.has('zeebe:taskHeaders') && !types.has('zeebe:taskDefinition') ? ['zeebe:taskHeaders'] : []),
  ];
}

const isUnderstood = (retries: BpmnElement): boolean =>
  retries.$parent?.$parent !== undefined && readRetry(retries.$parent.$parent)?.retry !== null;

/** Parts of extensions that are read, which have no counterpart themselves. */
function partsWithoutCounterpart(extension: BpmnElement): string[] {
  const { $type } = extension;
  return [...ignoredAttributes(extension).map((name) => `${$type} ${name}`), ...ignoredContent(extension)];
}

function ignoredContent(extension: BpmnElement): string[] {
  const parts = extension.$children ?? [];
  switch (extension.$type) {
    case 'zeebe:taskDefinition': {
      const retries = textOf(extension, 'retries');
      return retries === null || isUnderstood(extension) ? [] : [`zeebe:taskDefinition retries="${retries}"`];
    }
    case 'camunda:failedJobRetryTimeCycle':
      return isUnderstood(extension) ? [] : [`camunda:failedJobRetryTimeCycle "${extension.$body?.trim() ?? ''}"`];
    case 'camunda:inputOutput':
      return parts.some(({ $children = [] }) => $children.length > 0)
        ? ['camunda:inputOutput with scripts, lists or maps']
        : [];
    case 'camunda:formData':
      return parts.flatMap((field) => [
        ...(textOf(field, 'defaultValue') === null ? [] : ['camunda:formField defaultValue']),
        ...(field.$children ?? []).map(({ $type }) => $type).filter((type) => type !== 'camunda:value'),
      ]);
    default:
      return [];
  }
}
