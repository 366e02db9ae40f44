import { extensionField } from '../properties/fields.js';
import type { PropertyGroup } from '../properties/property-group.js';

const flowNodes = /^bpmn:(Process|Participant|SubProcess|CallActivity|\w*Task|\w+Event|\w+Gateway)$/;

/** The lifecycle stage that a node, or the whole process, moves the user to. */
export const lifecycleGroup: PropertyGroup = {
  name: 'lifecycle',
  open: true,
  applies: (element) => flowNodes.test(element.type),
  fields: () => [
    extensionField('xflow:Lifecycle', 'stage', { kind: 'stage' }),
    extensionField('xflow:Lifecycle', 'color'),
    extensionField('xflow:Lifecycle', 'description'),
  ],
};
