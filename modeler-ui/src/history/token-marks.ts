import type { InstanceToken } from '@xflow/schemas';
import type { TokenMark } from '../bpmn/tokens/token-overlays.js';
import { placedWaits, type PlacedWait } from './placed-waits.js';
import type { HistoryStep, Moment } from './replay.js';
import { mainWaiting, waitingText, type Waiting } from './waiting-text.js';

/**
 * The tokens that an instance has now as marks of the diagram, each wait at the element that waits; tokens at one element are one mark.
 * `say` tells a text of {@link waitingText}, `time` a moment in milliseconds since 1970.
 */
export function presentMarks(
  tokens: readonly Pick<InstanceToken, 'elementId' | 'waitingFor'>[],
  steps: readonly HistoryStep[],
  say: (key: string, parameters: Readonly<Record<string, string>>) => string,
  time: (at: number) => string,
): readonly TokenMark[] {
  const marks = new Map<string, TokenMark>();
  const told = (waiting: Waiting, tone: TokenMark['tone']): string => {
    const { key, parameters } = waitingText(waiting, time);
    // What kind of event waits is drawn; its name is enough.
    return tone === 'awaited' && parameters['detail'] ? parameters['detail'] : say(key, parameters);
  };
  const add = (elementId: string, waits: readonly PlacedWait[], tone: TokenMark['tone']): void => {
    const main = mainWaiting(waits.map(({ waiting }) => waiting));
    const label = main.map((waiting) => told(waiting, tone)).join(', ');
    const key = `${tone === 'awaited'} ${elementId}`;
    marks.set(key, { elementId, label, tone, count: (marks.get(key)?.count ?? 0) + 1 });
  };
  placedWaits(tokens, steps).forEach((waits, index) => {
    const { elementId } = tokens[index]!;
    const isOwn = (wait: PlacedWait): boolean => wait.elementId === elementId;
    const failed = waits.some(({ waiting }) => waiting.kind === 'incident');
    add(elementId, waits.filter(isOwn), failed ? 'incident' : 'active');
    for (const wait of waits) if (!isOwn(wait)) add(wait.elementId, [wait], 'awaited');
  });
  return [...marks.values()];
}

/** The tokens of a moment of the past as marks of the diagram. What they waited for is not known any more. */
export function pastMarks({ tokens, incidents }: Moment): readonly TokenMark[] {
  return [...tokens].map(([elementId, count]) => ({
    elementId,
    count,
    label: '',
    tone: incidents.has(elementId) ? 'incident' : 'active',
  }));
}
