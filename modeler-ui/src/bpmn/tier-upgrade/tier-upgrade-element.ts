import type { JourneyElement } from '../journey/journey-element.js';

export const tierUpgradeElement: JourneyElement = {
  name: 'tier-upgrade',
  type: 'bpmn:ServiceTask',
  extension: 'xflow:TierUpgrade',
  defaults: { mode: 'upgrade' },
  icon: { path: 'M4 20v-4.5h5V11h5V6.5h6M16.5 3L20 6.5 16.5 10M4 20h16' },
  drawsIcon: true,
  onContextPad: true,
};
