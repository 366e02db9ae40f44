/** An element that a token can rest on. */
export interface FlowNodeName {
  readonly id: string;
  /** The id where it has no name. */
  readonly label: string;
}

const bpmn = 'http://www.omg.org/spec/BPMN/20100524/MODEL';
const flowNode =
  /^(task|\w+Task|subProcess|adHocSubProcess|transaction|callActivity|\w+Gateway|intermediate\w+Event|startEvent|endEvent|boundaryEvent)$/;

/** The flow nodes of one process of a BPMN file, by their names. */
export function flowNodesOf(xml: string, processId: string): readonly FlowNodeName[] {
  const file = new DOMParser().parseFromString(xml, 'application/xml');
  const process = [...file.getElementsByTagNameNS(bpmn, 'process')].find((one) => one.getAttribute('id') === processId);
  return [...(process?.getElementsByTagNameNS(bpmn, '*') ?? [])]
    .filter(({ localName }) => flowNode.test(localName))
    .flatMap((node) => {
      const id = node.getAttribute('id');
      const name = node.getAttribute('name')?.trim();
      return id === null ? [] : [{ id, label: name ? `${name} (${id})` : id }];
    })
    .sort((a, b) => a.label.localeCompare(b.label));
}
