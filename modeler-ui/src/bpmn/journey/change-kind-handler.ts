import { removeExtension, setExtension } from '../extension-element.js';
import type { DiagramElement } from '../moddle.js';
import type { BpmnFactory, BpmnReplace, Modeling } from '../services.js';
import type { JourneyElement } from './journey-element.js';
import type { JourneyElements } from './journey-elements.js';

export interface ChangeKindContext {
  readonly element: DiagramElement;
  /** Null: plain BPMN. */
  readonly kind: JourneyElement | null;
}

/** Command `journey.changeKind`: makes a node one of another kind. Its parts are commands of their own, undone as one. */
export class ChangeKindHandler {
  static readonly $inject = ['bpmnReplace', 'modeling', 'bpmnFactory', 'journeyElements'];

  constructor(
    private readonly bpmnReplace: BpmnReplace,
    private readonly modeling: Modeling,
    private readonly bpmnFactory: BpmnFactory,
    private readonly elements: JourneyElements,
  ) {}

  preExecute({ element, kind }: ChangeKindContext): void {
    const before = this.elements.of(element);
    const node = kind === null || kind.type === element.type ? element : this.#replace(element, kind);
    const owner = node.businessObject;
    const removal = before === null ? null : removeExtension(owner, before.extension);
    if (removal !== null) this.modeling.updateModdleProperties(node, removal.target, removal.properties);
    if (kind === null) return;
    const create: BpmnFactory['create'] = (type, properties) => this.bpmnFactory.create(type, properties);
    const addition = setExtension(owner, kind.extension, kind.defaults, create);
    this.modeling.updateModdleProperties(node, addition.target, addition.properties);
  }

  #replace(element: DiagramElement, kind: JourneyElement): DiagramElement {
    const { type, eventDefinitionType } = kind;
    return this.bpmnReplace.replaceElement(
      element,
      eventDefinitionType === undefined ? { type } : { type, eventDefinitionType },
    );
  }
}
