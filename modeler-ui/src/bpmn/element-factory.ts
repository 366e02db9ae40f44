import type { ModdleElement, ModdleFactory } from './moddle.js';

/** What of bpmn-moddle makes elements: of a known type, or of a namespace that it has no description of. */
export interface ElementMaker {
  create(type: string, properties: Readonly<Record<string, unknown>>): ModdleElement;
  createAny(type: string, namespace: string, properties: Readonly<Record<string, unknown>>): ModdleElement;
}

/** Extensions of other engines that diagrams may carry, and this modeler writes: prefix and namespace. */
const foreign: Readonly<Record<string, string>> = { zeebe: 'http://camunda.org/schema/zeebe/1.0' };

/** Makes elements of the model, of xflow's extensions, and of {@link foreign} ones. */
export function elementFactory(maker: ElementMaker): ModdleFactory {
  return (type, properties = {}) => {
    const namespace = foreign[type.split(':')[0] ?? ''];
    return namespace === undefined
      ? maker.create(type, { ...properties })
      : maker.createAny(type, namespace, { ...properties });
  };
}
