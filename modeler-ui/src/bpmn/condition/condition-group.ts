import { extensionOf } from '../extension-element.js';
import { isElement, textOf } from '../moddle.js';
import type { PropertyField, PropertyGroup } from '../properties/property-group.js';

const conditionField: PropertyField = {
  name: 'expression',
  control: { kind: 'area' },
  read: (flow) => {
    const condition = flow['conditionExpression'];
    return isElement(condition) ? textOf(condition, 'body') : undefined;
  },
  write: (flow, value, create) => {
    const condition = flow['conditionExpression'];
    if (value === undefined) return { target: flow, properties: { conditionExpression: undefined } };
    if (isElement(condition)) return { target: condition, properties: { body: value } };
    const created = create('bpmn:FormalExpression', { body: value });
    created.$parent = flow;
    return { target: flow, properties: { conditionExpression: created } };
  },
};

/** The FEEL condition of a flow that leaves an exclusive or inclusive gateway (BPMN 2.0.2, 8.4.13). */
export const conditionGroup: PropertyGroup = {
  name: 'condition',
  open: true,
  applies: (element) => {
    const source = element.businessObject['sourceRef'];
    return (
      element.type === 'bpmn:SequenceFlow' &&
      isElement(source) &&
      ['bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway'].includes(source.$type) &&
      source['default'] !== element.businessObject &&
      extensionOf(source, 'xflow:Split') === null
    );
  },
  fields: () => [conditionField],
};
