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
export function flowNodesOf(
  xml: string,
  processId: string,
  isWanted: (node: Element) => boolean = ({ localName }) => flowNode.test(localName),
): readonly FlowNodeName[] {
  const file = new DOMParser().parseFromString(xml, 'application/xml');
  const process = [...file.getElementsByTagNameNS(bpmn, 'process')].find((one) => one.getAttribute('id') === processId);
  return [...(process?.getElementsByTagNameNS(bpmn, '*') ?? [])]
    .filter(isWanted)
    .flatMap((node) => {
      const id = node.getAttribute('id');
      const name = node.getAttribute('name')?.trim();
      return id === null ? [] : [{ id, label: name ? `${name} (${id})` : id }];
    })
    .sort((a, b) => a.label.localeCompare(b.label));
}

/** The none start events of one process of a BPMN file: those by which a start names where it begins. */
export function noneStartsOf(xml: string, processId: string): readonly FlowNodeName[] {
  return flowNodesOf(xml, processId, (node) => {
    const hasTrigger = [...node.children].some(({ localName }) => localName.endsWith('EventDefinition'));
    return node.localName === 'startEvent' && node.parentElement?.localName === 'process' && !hasTrigger;
  });
}

/** Names of the variables that a process declares searchable. */
export function searchableOf(xml: string, processId: string): readonly string[] {
  const file = new DOMParser().parseFromString(xml, 'application/xml');
  const process = [...file.getElementsByTagNameNS(bpmn, 'process')].find((one) => one.getAttribute('id') === processId);
  const names = [...(process?.getElementsByTagNameNS('*', 'searchable') ?? [])].flatMap(
    (one) => one.getAttribute('variables')?.split(',') ?? [],
  );
  return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))].sort();
}
