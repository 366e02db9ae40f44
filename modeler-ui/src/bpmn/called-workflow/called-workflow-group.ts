import { ownField } from '../properties/fields.js';
import type { PropertyGroup } from '../properties/property-group.js';

/** The workflow that a call activity starts. */
export const calledWorkflowGroup: PropertyGroup = {
  name: 'called-workflow',
  open: true,
  applies: (element) => element.type === 'bpmn:CallActivity',
  fields: (_owner, known) => [
    ownField('calledElement', { kind: 'text', suggestions: known.workflows, mustBeKnown: true }),
  ],
};
