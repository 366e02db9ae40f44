import { extensionOf } from '../extension-element.js';
import { extensionField } from '../properties/fields.js';
import type { PropertyGroup } from '../properties/property-group.js';

/** Which ladder is evaluated, and whether a user may also go down. */
export const tierUpgradeGroup: PropertyGroup = {
  name: 'tier-upgrade',
  open: true,
  applies: (element) => extensionOf(element.businessObject, 'xflow:TierUpgrade') !== null,
  fields: (_owner, known) => [
    extensionField('xflow:TierUpgrade', 'ladder', { kind: 'text', suggestions: known.ladders, mustBeKnown: true }),
    extensionField('xflow:TierUpgrade', 'mode', {
      kind: 'select',
      options: [
        { value: 'upgrade', label: { key: 'properties.tier-upgrade.modeUpgrade' } },
        { value: 'evaluate', label: { key: 'properties.tier-upgrade.modeEvaluate' } },
      ],
    }),
    extensionField('xflow:TierUpgrade', 'resultVariable'),
  ],
};
