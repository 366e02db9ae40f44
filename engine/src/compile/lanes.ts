import { type BpmnElement, elementOf, elementsOf, extensionOf, idOf, textOf } from './bpmn-element.js';

/** A lane, with those around it (BPMN 2.0.2, 10.8). */
export interface LanePath {
  /** The innermost first. */
  readonly lanes: readonly BpmnElement[];
  readonly laneSet: BpmnElement;
}

/** The lanes of one process or subprocess by what they contain: those of every lane set that has the node, in the order of the file. */
export function lanesIn(scope: BpmnElement): ReadonlyMap<BpmnElement, readonly LanePath[]> {
  const found = new Map<BpmnElement, LanePath[]>();
  for (const laneSet of elementsOf(scope, 'laneSets')) {
    const paths: LanePath[] = elementsOf(laneSet, 'lanes').map((lane) => ({ lanes: [lane], laneSet }));
    // Grows while it is walked: nesting has no bound.
    for (const path of paths) {
      const [lane] = path.lanes;
      if (!lane) continue;
      const inner = elementOf(lane, 'childLaneSet');
      for (const child of inner ? elementsOf(inner, 'lanes') : [])
        paths.push({ lanes: [child, ...path.lanes], laneSet });
      for (const node of elementsOf(lane, 'flowNodeRef')) {
        const others = found.get(node);
        if (others) others.push(path);
        else found.set(node, [path]);
      }
    }
  }
  return found;
}

/**
 * The lanes around a node, the innermost first: those of the first lane set that has it; a lane that contains another one may name its nodes, too. A node
 * without a lane is in those of the subprocess around it.
 */
export function lanesOf(node: BpmnElement): readonly BpmnElement[] {
  for (let at: BpmnElement | undefined = node; at?.$parent; at = at.$parent) {
    const paths = lanesOfScope(at.$parent).get(at) ?? [];
    const [first] = paths;
    if (first)
      return paths
        .filter(({ laneSet }) => laneSet === first.laneSet)
        .reduce((deepest, path) => (path.lanes.length > deepest.lanes.length ? path : deepest)).lanes;
  }
  return [];
}

const known = new WeakMap<BpmnElement, ReadonlyMap<BpmnElement, readonly LanePath[]>>();
const none: ReadonlyMap<BpmnElement, readonly LanePath[]> = new Map();

function lanesOfScope(scope: BpmnElement): ReadonlyMap<BpmnElement, readonly LanePath[]> {
  if (!Object.hasOwn(scope, 'laneSets')) return none;
  let lanes = known.get(scope);
  if (lanes === undefined) known.set(scope, (lanes = lanesIn(scope)));
  return lanes;
}

/** What people call it. */
export function laneName(lane: BpmnElement): string {
  return textOf(lane, 'name') ?? idOf(lane);
}

/** xflow:candidates of the innermost lane that has them; null: none. */
export function candidatesOfLanes(node: BpmnElement): BpmnElement | null {
  for (const lane of lanesOf(node)) {
    const candidates = extensionOf(lane, 'xflow:Candidates');
    if (candidates) return candidates;
  }
  return null;
}
