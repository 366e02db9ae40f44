import { type BpmnElement, elementsOf, idOf, isA, labelOf } from '../compile/bpmn-element.js';
import { type Finding, type Rule } from '../compile/diagram.js';
import { type LanePath, lanesIn } from '../compile/lanes.js';

/** Lanes say who does what, and change nothing of how tokens move (BPMN 2.0.2, 10.8). */
export const lane: Rule = {
  name: 'lane',
  level: 'warning',
  *check({ processes }) {
    for (const { scopes } of processes)
      for (const { element: scope } of scopes)
        if (elementsOf(scope, 'laneSets').length > 0)
          for (const [node, paths] of lanesIn(scope)) yield* check(node, paths, scope);
  },
};

function* check(node: BpmnElement, paths: readonly LanePath[], scope: BpmnElement): Iterable<Finding> {
  const [first] = paths;
  const [lane] = first?.lanes ?? [];
  if (!first || !lane) return;
  if (!isA(node, 'bpmn:FlowNode') || !isInside(node, scope)) {
    yield {
      elementId: idOf(lane),
      message: `Lane ${labelOf(lane)} contains ${labelOf(node)}, which is no element of ${labelOf(scope)}.`,
      remedy: 'Remove it from the lane, or move it into the pool of the lane.',
    };
    return;
  }
  const others = paths.filter((path) => path.laneSet === first.laneSet && !isAround(path, first));
  for (const { lanes } of others)
    yield {
      elementId: idOf(node),
      message: `${labelOf(node)} is in lane ${labelOf(lane)} and in lane ${labelOf(lanes[0]!)} of the same set, and only the first counts.`,
      remedy: 'Leave it in one of them.',
    };
}

/** Whether one of the lanes contains the other: both may name the node. */
const isAround = (one: LanePath, other: LanePath): boolean =>
  one.lanes.includes(other.lanes[0]!) || other.lanes.includes(one.lanes[0]!);

function isInside(node: BpmnElement, scope: BpmnElement): boolean {
  for (let at = node.$parent; at; at = at.$parent) if (at === scope) return true;
  return false;
}
