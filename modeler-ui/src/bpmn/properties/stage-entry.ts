import { TextFieldEntry } from '@bpmn-io/properties-panel';
import { h, type ComponentChild } from '@bpmn-io/properties-panel/preact';
import { isKnownStage, knownStages, stageSlug } from '../lifecycle/stages.js';
import type { Texts } from '../localization/texts.js';

/** The five stages as buttons in their colours, and a field for a stage of one's own. A pressed button takes the stage away. */
export function StageEntry(props: {
  readonly id: string;
  readonly label: string;
  readonly texts: Texts;
  readonly getValue: () => unknown;
  readonly setValue: (value: unknown) => void;
  readonly [name: string]: unknown;
}): ComponentChild {
  const { texts, label, getValue, setValue } = props;
  const stage = getValue();
  const buttons = knownStages.map((known) =>
    h(
      'button',
      {
        key: known,
        type: 'button',
        class: `stage-choice stage-choice--${stageSlug(known)}`,
        'aria-pressed': stage === known,
        onClick: () => setValue(stage === known ? undefined : known),
      },
      texts.t(`stage.${known}`),
    ),
  );
  return h('div', {}, [
    h('div', { key: 'stages', class: 'bio-properties-panel-entry stage-entry' }, [
      h('span', { class: 'bio-properties-panel-label' }, label),
      h('div', { class: 'stage-entry__choices', role: 'group', 'aria-label': label }, buttons),
    ]),
    h(TextFieldEntry, {
      ...props,
      key: 'own',
      label: texts.t('properties.lifecycle.ownStage'),
      getValue: () => (typeof stage === 'string' && !isKnownStage(stage) ? stage : undefined),
    }),
  ]);
}
