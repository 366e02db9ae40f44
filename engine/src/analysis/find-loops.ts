import type { Definition } from '../definition.js';
import type { Edge, Reached } from './explore.js';

/** A way from a state back to itself on which nothing is waited for. */
export interface Loop {
  readonly reached: Reached;
  readonly edges: readonly Edge[];
}

/** Loops among the edges that wait for nothing: depth first, without recursion, each edge once. */
export function* findLoops(states: readonly Reached[]): Iterable<Loop> {
  const done = new Set<Reached>();
  for (const start of states) {
    if (done.has(start)) continue;
    const way: { readonly reached: Reached; next: number; readonly by: Edge | null }[] = [
      { reached: start, next: 0, by: null },
    ];
    const onWay = new Map<Reached, number>([[start, 0]]);
    for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
      const edge = top.reached.next[top.next];
      top.next += 1;
      if (edge === undefined) {
        way.pop();
        onWay.delete(top.reached);
        done.add(top.reached);
      } else if (edge.immediate) {
        const position = onWay.get(edge.to);
        if (position !== undefined) {
          const edges = way.slice(position + 1).flatMap(({ by }) => (by === null ? [] : [by]));
          yield { reached: edge.to, edges: [...edges, edge] };
        } else if (!done.has(edge.to)) {
          onWay.set(edge.to, way.length);
          way.push({ reached: edge.to, next: 0, by: edge });
        }
      }
    }
  }
}

/** Whether nothing leads out of these elements: no sequence flow, and no boundary event. */
export function isEndless(definition: Definition, around: ReadonlySet<string>): boolean {
  return [...around].every((id) => {
    const node = definition.nodes.get(id);
    return (
      node === undefined ||
      (node.boundaryEvents.length === 0 && node.outgoing.every(({ target }) => around.has(target.id)))
    );
  });
}
