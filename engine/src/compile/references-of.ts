import type { Reference, References } from '../definition.js';
import { type BpmnElement, idOf } from './bpmn-element.js';
import type { ProcessDraft } from './diagram.js';
import { decisionSaidBy } from './read-decision.js';

/** What the process names but does not contain, each with the element that names it first. */
export function referencesOf(process: ProcessDraft): References {
  const own = new Set<BpmnElement>([...process.nodes, ...process.flows].map(({ element }) => element));
  const works = process.works.filter(({ element }) => own.has(element));
  const constants = (taskTypes: (type: string) => boolean, name: string): Reference[] =>
    works.flatMap(({ element, taskType, foreign, constants }) => {
      const value = constants.get(name);
      return !foreign && taskType !== null && taskTypes(taskType) && value !== undefined
        ? [{ name: value, elementId: idOf(element) }]
        : [];
    });
  const inExpressions = process.occurrences.flatMap(({ element, reading }) =>
    own.has(element) && reading.ok
      ? reading.value.needs.segments.map((name) => ({ name, elementId: idOf(element) }))
      : [],
  );
  return Object.freeze({
    segments: distinct([...constants((type) => type === 'segment-check', 'segment'), ...inExpressions]),
    ladders: distinct(constants((type) => type === 'tier-upgrade', 'ladder')),
    templates: distinct(constants((type) => type.startsWith('send-'), 'template')),
    taskTypes: distinct(
      works.flatMap(({ element, taskType, known }) =>
        known && taskType !== null ? [{ name: taskType, elementId: idOf(element) }] : [],
      ),
    ),
    decisions: distinct(
      process.nodes.flatMap(({ element, id }) => {
        const name = decisionSaidBy(element)?.constant ?? null;
        return name === null ? [] : [{ name, elementId: id }];
      }),
    ),
    calledWorkflows: distinct(
      process.nodes.flatMap(({ id, content }) =>
        content?.type === 'call-activity' ? [{ name: content.calledWorkflow, elementId: id }] : [],
      ),
    ),
  });
}

function distinct(references: readonly Reference[]): readonly Reference[] {
  const byName = new Map<string, Reference>();
  for (const reference of references)
    if (!byName.has(reference.name)) byName.set(reference.name, Object.freeze(reference));
  return Object.freeze([...byName.values()]);
}
