import { bpmn, cycle, error, job, message, onError, onMessage, timer } from '../bpmn.js';
import type { Dice } from './dice.js';
import { errorCodes, segmentNames, variableNames } from './random-process.js';

/** A node of the graph; what may leave it and come to it is all that its kind decides. */
interface GraphNode {
  readonly id: string;
  readonly xml: string;
  readonly isEnd: boolean;
  /** Whether its outgoing flows have conditions. */
  readonly chooses: boolean;
}

/**
 * A process that nobody would draw: any elements, with sequence flows between any of them. Tokens multiply, joins wait for what
 * never comes, and loops do not end; whatever happens, a step must keep what every step keeps.
 */
export function arbitraryGraph(dice: Dice): string {
  const nodes = Array.from({ length: 3 + dice.below(14) }, (_, index) => randomNode(dice, `n${index}`));
  const inner = nodes.filter(({ isEnd }) => !isEnd);
  const boundaries = inner.filter(({ xml }) => /userTask|serviceTask/.test(xml) && dice.chance(0.3));
  const boundaryNodes = boundaries.map(({ id }) => boundaryOf(dice, id));
  const flows: string[] = [];
  const connect = (source: string, target: string, condition: string) =>
    flows.push(`flow${flows.length}: ${source} -> ${target}${condition}`);
  connect('start', dice.pick(nodes).id, '');
  for (const node of [...inner, ...boundaryNodes]) {
    // Without a way out a token ends where it is, also in the middle of the graph; a boundary event must have one.
    const mayEndHere = inner.includes(node);
    const plain = mayEndHere && dice.chance(0.1) ? 0 : 1 + (dice.chance(0.12) ? 1 : 0);
    const ways = node.chooses ? 2 + dice.below(2) : plain;
    for (let way = 0; way < ways; way += 1)
      connect(node.id, dice.pick(nodes).id, node.chooses ? ` if ${conditionOf(dice)}` : '');
  }
  return bpmn(
    `<bpmn:startEvent id="start" />${[...nodes, ...boundaryNodes].map(({ xml }) => xml).join('\n')}`,
    flows,
    message('ping') + errorCodes.map(error).join(''),
  );
}

function randomNode(dice: Dice, id: string): GraphNode {
  if (dice.chance(0.12)) {
    const definition = dice.chance(0.2) ? '<bpmn:terminateEventDefinition />' : '';
    return { id, xml: `<bpmn:endEvent id="${id}">${definition}</bpmn:endEvent>`, isEnd: true, chooses: false };
  }
  const choice = dice.below(9);
  const [xml, chooses] = nodeXml(choice, id);
  return { id, xml, isEnd: false, chooses };
}

function nodeXml(choice: number, id: string): [xml: string, chooses: boolean] {
  switch (choice) {
    case 0:
      return [`<bpmn:exclusiveGateway id="${id}" />`, true];
    case 1:
      return [`<bpmn:inclusiveGateway id="${id}" />`, true];
    case 2:
    case 3:
      return [`<bpmn:parallelGateway id="${id}" />`, false];
    case 4:
      return [`<bpmn:userTask id="${id}" />`, false];
    case 5:
      return [job(id, '', `resultVariable="${variableNames[0]!}"`), false];
    case 6:
      return [`<bpmn:intermediateCatchEvent id="${id}">${timer('PT1H')}</bpmn:intermediateCatchEvent>`, false];
    case 7:
      return [`<bpmn:intermediateCatchEvent id="${id}">${onMessage('ping')}</bpmn:intermediateCatchEvent>`, false];
    default:
      return [`<bpmn:task id="${id}" />`, false];
  }
}

function boundaryOf(dice: Dice, host: string): GraphNode {
  const id = `on-${host}`;
  const interrupting = dice.chance(0.5);
  const definition = dice.pick([
    timer('PT30M'),
    onMessage('ping'),
    ...(interrupting ? [onError('refused')] : [cycle('R2/PT20M')]),
  ]);
  return {
    id,
    xml: `<bpmn:boundaryEvent id="${id}" attachedToRef="${host}" cancelActivity="${String(interrupting)}">${definition}</bpmn:boundaryEvent>`,
    isEnd: false,
    chooses: false,
  };
}

function conditionOf(dice: Dice): string {
  if (dice.chance(0.15)) return `segment("${dice.pick(segmentNames)}")`;
  return `${dice.pick(variableNames)} > ${dice.below(10)}`;
}
