import type { Problem } from '@xflow/schemas';
import type { Texts } from '../localization/texts.js';
import type { ElementRegistry, EventBus, Overlays } from '../services.js';
import { problemsByElement } from './problems-by-element.js';

const overlayType = 'xflow-lint';
const signs = { error: '!', warning: '!', hint: 'i' } as const;

/** Shows an icon at every element that has problems, with the worst level and all messages on hover. */
export class LintMarks {
  static readonly $inject = ['overlays', 'elementRegistry', 'eventBus', 'texts'];

  constructor(
    private readonly overlays: Overlays,
    private readonly elements: ElementRegistry,
    private readonly eventBus: EventBus,
    private readonly texts: Texts,
  ) {}

  /** Replaces the marks. Problems of the file as a whole, and of elements that are not drawn, have no mark. */
  show(problems: readonly Problem[]): void {
    this.overlays.remove({ type: overlayType });
    for (const [elementId, { level, messages }] of problemsByElement(problems)) {
      const element = this.elements.get(elementId);
      if (element === undefined || element.type === 'bpmn:Process' || element.type === 'bpmn:Collaboration') continue;
      const mark = document.createElement('button');
      mark.type = 'button';
      mark.className = `lint-mark lint-mark--${level}`;
      mark.textContent = signs[level];
      mark.title = messages.join('\n');
      mark.setAttribute('aria-label', `${this.texts.t(`lint.level.${level}`)}: ${messages.join(' ')}`);
      mark.addEventListener('click', () => this.eventBus.fire('lint.mark.click', { element }));
      this.overlays.add(elementId, overlayType, { position: { top: -10, left: -10 }, html: mark });
    }
  }
}
