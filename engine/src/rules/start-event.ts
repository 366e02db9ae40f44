import { elementsOf, labelOf } from '../compile/bpmn-element.js';
import { startsWithoutEvent } from '../compile/build-definition.js';
import { type Finding, isType, type NodeDraft, type Rule, type ScopeDraft } from '../compile/diagram.js';

/** An event subprocess begins with one event, which says what it waits for (BPMN 2.0.2, 10.3.5). */
function* checkTriggered(scope: ScopeDraft, starts: readonly NodeDraft[]): Iterable<Finding> {
  const remedy = 'Give it one start event with a message, a timer, a signal, an error, an escalation or a condition.';
  if (starts.length !== 1)
    yield {
      elementId: scope.id,
      message: `Event subprocess ${labelOf(scope.element)} has ${starts.length === 0 ? 'no start event' : 'more than one start event'}, so nobody can say when it begins.`,
      remedy,
    };
  for (const { id, element } of starts)
    if (elementsOf(element, 'eventDefinitions').length + elementsOf(element, 'eventDefinitionRef').length === 0)
      yield {
        elementId: id,
        message: `Start event ${labelOf(element)} of event subprocess ${labelOf(scope.element)} waits for nothing.`,
        remedy,
      };
}

export const startEvent: Rule = {
  name: 'start-event',
  level: 'error',
  *check({ processes }) {
    for (const process of processes)
      for (const scope of process.scopes) {
        if (scope.nodes.length === 0) continue;
        const starts = scope.nodes.filter(({ element }) => element.$type === 'bpmn:StartEvent');
        const isProcess = scope.element === process.element;
        if (scope.element.get?.('triggeredByEvent') === true) {
          yield* checkTriggered(scope, starts);
          continue;
        }
        if (starts.length === 0 && !scope.nodes.some(startsWithoutEvent))
          yield {
            elementId: scope.id,
            message: `${labelOf(scope.element)} has no start event, so it can never begin.`,
            remedy: 'Add a start event, and connect it to the first element.',
          };
        if (isProcess) continue;
        // A process begins at the one that its start names; nothing names one of a subprocess.
        for (const extra of starts.filter((start) => isType(start, 'none-start-event')).slice(1))
          yield {
            elementId: extra.id,
            message: `Subprocess ${labelOf(scope.element)} has more than one start event, and ${labelOf(extra.element)} is one too many.`,
            remedy: 'Keep one of them, and lead it to a parallel gateway where several paths begin.',
          };
        for (const start of starts.filter((start) => start.content !== null && !isType(start, 'none-start-event')))
          yield {
            elementId: start.id,
            message: `${labelOf(start.element)} waits for a trigger, and a subprocess begins at once.`,
            remedy:
              'Use a start event without a trigger, and catch the message or the time by an intermediate event after it.',
          };
      }
  },
};
