import { extensionOf, textOf, type BpmnElement } from './bpmn-element.js';

/** What `xflow:searchable` of a process names, in its order. */
export function searchableNames(process: BpmnElement): readonly string[] {
  const searchable = extensionOf(process, 'xflow:Searchable');
  const names = searchable ? (textOf(searchable, 'variables') ?? '') : '';
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
