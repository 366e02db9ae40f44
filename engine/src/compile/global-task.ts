import { type BpmnElement, elementsOf, idOf, isA, textOf } from './bpmn-element.js';

/** The global task of the same file that a call activity names (BPMN 2.0.2, 10.3.6). Null: it calls a process, or is no call activity. */
export function globalTaskOf(element: BpmnElement): BpmnElement | null {
  const id = element.$type === 'bpmn:CallActivity' ? textOf(element, 'calledElement') : null;
  if (id === null) return null;
  let root = element;
  while (root.$parent) root = root.$parent;
  let tasks = globalTasks.get(root);
  if (!tasks) {
    const all = elementsOf(root, 'rootElements').filter((one) => isA(one, 'bpmn:GlobalTask'));
    tasks = new Map(all.map((one) => [idOf(one), one]));
    globalTasks.set(root, tasks);
  }
  return tasks.get(id) ?? null;
}

/** By file and id: a file may have as many calls as global tasks. */
const globalTasks = new WeakMap<BpmnElement, ReadonlyMap<string, BpmnElement>>();
