import { extensionField } from '../properties/fields.js';
import { isElement, type DiagramElement, type ModdleElement } from '../moddle.js';
import type { PropertyField, PropertyGroup } from '../properties/property-group.js';

/** BPMN itself says collections only by data objects; this extension of another engine is what modelers write. */
const extension = 'zeebe:loopCharacteristics';

/** Over which list a multi-instance activity runs, and what it gathers; how often and how long is bpmn-js's own group. */
export const multiInstanceGroup: PropertyGroup = {
  name: 'multi-instance',
  open: true,
  applies: ({ businessObject }: DiagramElement) => loopOf(businessObject) !== null,
  fields: () => ['inputCollection', 'inputElement', 'outputCollection', 'outputElement'].map(loopField),
};

function loopOf(activity: ModdleElement): ModdleElement | null {
  const loop = activity['loopCharacteristics'];
  return isElement(loop) && loop.$type === 'bpmn:MultiInstanceLoopCharacteristics' ? loop : null;
}

/** A field of the activity that is written on its loop. */
function loopField(name: string): PropertyField {
  const field = extensionField(extension, name);
  return {
    ...field,
    read(activity) {
      const loop = loopOf(activity);
      return loop === null ? undefined : field.read(loop);
    },
    write(activity, value, create) {
      const loop = loopOf(activity);
      return loop === null ? null : field.write(loop, value, create);
    },
  };
}
