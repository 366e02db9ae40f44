import type { DiagramElement, ModdleFactory } from '../moddle.js';
import type { BpmnFactory, ElementFactory } from '../services.js';
import type { Texts } from '../localization/texts.js';
import { setExtension } from '../extension-element.js';
import type { JourneyElement } from './journey-element.js';

/** Diagram service `journeyShapes`: makes new shapes of the journey's kinds. */
export class JourneyShapes {
  static readonly $inject = ['elementFactory', 'bpmnFactory', 'texts'];

  constructor(
    private readonly elementFactory: ElementFactory,
    private readonly bpmnFactory: BpmnFactory,
    private readonly texts: Texts,
  ) {}

  /** A shape that is not on the canvas yet, named after its kind. */
  create(kind: JourneyElement): DiagramElement {
    const create: ModdleFactory = (type, properties) => this.bpmnFactory.create(type, properties);
    const businessObject = create(kind.type, { name: this.texts.t(`element.${kind.name}`) });
    const { target, properties } = setExtension(businessObject, kind.extension, kind.defaults, create);
    Object.assign(target, properties);
    return this.elementFactory.createShape({
      type: kind.type,
      businessObject,
      ...(kind.eventDefinitionType === undefined ? {} : { eventDefinitionType: kind.eventDefinitionType }),
    });
  }
}
