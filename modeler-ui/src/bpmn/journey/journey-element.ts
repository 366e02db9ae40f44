import type { JourneyIcon } from './journey-icon.js';

/** A kind of node that xflow adds to BPMN: a standard element that carries one xflow extension. */
export interface JourneyElement {
  /** Name of the kind; its texts are `element.<name>` and `element.<name>Hint`. */
  readonly name: string;
  /** The standard element it is drawn as. */
  readonly type: 'bpmn:ServiceTask' | 'bpmn:SendTask' | 'bpmn:IntermediateCatchEvent' | 'bpmn:ExclusiveGateway';
  readonly eventDefinitionType?: 'bpmn:TimerEventDefinition';
  /** The extension that makes the element one of this kind. */
  readonly extension: string;
  /** Attributes of the extension of a new element. */
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly icon: JourneyIcon;
  /** Drawn in the corner of the node in the place of BPMN's own sign. */
  readonly drawsIcon: boolean;
  /** Offered on the context pad of every node, not only on the palette. */
  readonly onContextPad: boolean;
}
