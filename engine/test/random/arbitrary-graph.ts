import { bpmn, error, extensions, flow, job, onMessage, timer } from '../bpmn.js';
import type { Dice } from './dice.js';
import {
  beginnings,
  endings,
  eventGlobals,
  eventSubprocess,
  intermediateEvents,
  trigger,
  undoable,
} from './random-events.js';
import { errorCodes, segmentNames, variableNames } from './random-process.js';

/** A node of the graph; what may leave it and come to it is all that its kind decides. */
interface GraphNode {
  readonly xml: string;
  /** Where sequence flows may lead; null: nowhere. */
  readonly entry: string | null;
  /** Where they may begin. */
  readonly exits: readonly string[];
  /** Whether they have conditions. */
  readonly chooses: boolean;
}

/**
 * A process that nobody would draw: any elements, with sequence flows between any of them. Tokens multiply, joins wait for what
 * never comes, and loops do not end; whatever happens, a step must keep what every step keeps.
 */
export function arbitraryGraph(dice: Dice): string {
  return bpmn(new GraphWriter(dice).scope('n', 0), [], eventGlobals + errorCodes.map(error).join(''));
}

class GraphWriter {
  constructor(private readonly dice: Dice) {}

  /** A start event, nodes, and flows between them; every id begins with the prefix. */
  scope(prefix: string, depth: number): string {
    const { dice } = this;
    const start: GraphNode = {
      xml: `<bpmn:startEvent id="${prefix}start" />`,
      entry: null,
      exits: [`${prefix}start`],
      chooses: false,
    };
    const size = depth === 0 ? 3 + dice.below(14) : 1 + dice.below(5);
    const inner = Array.from({ length: size }, (_, index) => this.node(`${prefix}${index}`, depth));
    const boundaries = inner.flatMap(({ entry, xml }) =>
      entry !== null && /^<bpmn:(userTask|serviceTask|subProcess|callActivity)/.test(xml) && dice.chance(0.3)
        ? [this.boundary(entry)]
        : [],
    );
    const nodes = [
      start,
      ...(depth === 0 && dice.chance(0.4) ? [this.beginning(`${prefix}other`)] : []),
      ...inner,
      ...boundaries,
    ];
    const beside = dice.chance(0.25) ? eventSubprocess(dice, `${prefix}event`) : '';
    return nodes.map(({ xml }) => xml).join('\n') + beside + this.flows(prefix, nodes).map(flow).join('\n');
  }

  private flows(prefix: string, nodes: readonly GraphNode[]): readonly string[] {
    const { dice } = this;
    const targets = nodes.flatMap(({ entry }) => (entry === null ? [] : [entry]));
    const flows: string[] = [];
    if (targets.length === 0) return flows;
    for (const { exits, chooses } of nodes)
      for (const exit of exits) {
        // Without a way out a token ends where it is, also in the middle of the graph.
        const plain = dice.chance(0.1) ? 0 : 1 + (dice.chance(0.12) ? 1 : 0);
        const ways = chooses ? 2 + dice.below(2) : plain;
        for (let way = 0; way < ways; way += 1) {
          const condition = chooses ? ` if ${this.condition()}` : '';
          flows.push(`${prefix}flow${flows.length}: ${exit} -> ${dice.pick(targets)}${condition}`);
        }
      }
    return flows;
  }

  private node(id: string, depth: number): GraphNode {
    const { dice } = this;
    if (dice.chance(0.12)) {
      const definition = dice.chance(0.4) ? dice.pick(endings) : '';
      return { xml: `<bpmn:endEvent id="${id}">${definition}</bpmn:endEvent>`, entry: id, exits: [], chooses: false };
    }
    if (dice.chance(0.12) && depth < 2) return this.container(id, depth);
    if (dice.chance(0.05)) return this.eventBased(id);
    if (dice.chance(0.05)) return linked(id);
    if (dice.chance(0.2)) return gateway(dice, id);
    return one(id, dice.pick(this.simple(id)).replaceAll('"ID"', `"${id}"`));
  }

  private simple(id: string): readonly string[] {
    const variable = variableNames[0]!;
    const many =
      '<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>';
    return [
      '<bpmn:userTask id="ID" />',
      `<bpmn:userTask id="ID">${many}</bpmn:userTask>`,
      '<bpmn:userTask id="ID" completionQuantity="2" />',
      '<bpmn:userTask id="ID" startQuantity="2" />',
      job('ID', '', `resultVariable="${variable}"`),
      `<bpmn:intermediateCatchEvent id="ID">${timer('PT1H')}</bpmn:intermediateCatchEvent>`,
      `<bpmn:intermediateCatchEvent id="ID">${onMessage('ping')}</bpmn:intermediateCatchEvent>`,
      '<bpmn:receiveTask id="ID" messageRef="message_ping" />',
      '<bpmn:task id="ID" />',
      '<bpmn:intermediateThrowEvent id="ID" />',
      '<bpmn:scriptTask id="ID" scriptFormat="javascript"><bpmn:script>({ v3: v0 + v1 })</bpmn:script></bpmn:scriptTask>',
      `<bpmn:sendTask id="ID">${extensions('<xflow:message channel="email" template="hello" />')}</bpmn:sendTask>`,
      `<bpmn:businessRuleTask id="ID">${extensions('<xflow:task type="score" />')}</bpmn:businessRuleTask>`,
      '<bpmn:callActivity id="ID" calledElement="other" />',
      `<bpmn:businessRuleTask id="ID">${extensions(`<xflow:decision ref="tier" resultVariable="${variable}" />`)}</bpmn:businessRuleTask>`,
      undoable(id),
      ...intermediateEvents,
    ];
  }

  /** Something that contains such a graph, or tasks that begin when they are asked for. */
  private container(id: string, depth: number): GraphNode {
    const { dice } = this;
    const inside = () => this.scope(`${id}_`, depth + 1);
    const loop = dice.chance(0.2) ? '<bpmn:standardLoopCharacteristics loopMaximum="2" />' : '';
    switch (dice.below(3)) {
      case 0:
        return one(id, `<bpmn:subProcess id="${id}">${loop}${inside()}</bpmn:subProcess>`);
      case 1: {
        const cancel = `<bpmn:endEvent id="${id}_cancel"><bpmn:cancelEventDefinition /></bpmn:endEvent>${flow(`${id}_c: ${id}_start -> ${id}_cancel`)}`;
        const xml = `<bpmn:transaction id="${id}">${inside()}${dice.chance(0.5) ? cancel : ''}</bpmn:transaction>
<bpmn:boundaryEvent id="${id}_on" attachedToRef="${id}"><bpmn:cancelEventDefinition /></bpmn:boundaryEvent>`;
        return { xml, entry: id, exits: [id, `${id}_on`], chooses: false };
      }
      default: {
        const names = [`${id}_a`, `${id}_b`];
        const list = JSON.stringify(names).replaceAll('"', '&quot;');
        const begin = extensions(
          `<zeebe:adHoc xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" activeElementsCollection="=${list}" />`,
        );
        const tasks = names.map((name) => undoable(name)).join('');
        return one(id, `<bpmn:adHocSubProcess id="${id}">${begin}${tasks}</bpmn:adHocSubProcess>`);
      }
    }
  }

  private eventBased(id: string): GraphNode {
    const events = [timer('PT1H'), onMessage('ping')].map(
      (definition, index) =>
        `<bpmn:intermediateCatchEvent id="${id}_${index}">${definition}</bpmn:intermediateCatchEvent>${flow(`${id}_to${index}: ${id} -> ${id}_${index}`)}`,
    );
    const xml = `<bpmn:eventBasedGateway id="${id}" />${events.join('')}`;
    return { xml, entry: id, exits: [`${id}_0`, `${id}_1`], chooses: false };
  }

  private beginning(id: string): GraphNode {
    const [attributes, content] = this.dice.pick(beginnings);
    const xml = `<bpmn:startEvent id="${id}" ${attributes}>${content}</bpmn:startEvent>`;
    return { xml, entry: null, exits: [id], chooses: false };
  }

  private boundary(host: string): GraphNode {
    const id = `${host}_late`;
    const interrupting = this.dice.chance(0.5);
    const xml = `<bpmn:boundaryEvent id="${id}" attachedToRef="${host}" cancelActivity="${String(interrupting)}">${trigger(this.dice, interrupting)}</bpmn:boundaryEvent>`;
    return { xml, entry: null, exits: [id], chooses: false };
  }

  private condition(): string {
    if (this.dice.chance(0.15)) return `segment("${this.dice.pick(segmentNames)}")`;
    return `${this.dice.pick(variableNames)} > ${this.dice.below(10)}`;
  }
}

const one = (id: string, xml: string): GraphNode => ({ xml, entry: id, exits: [id], chooses: false });

function gateway(dice: Dice, id: string): GraphNode {
  const kind = dice.pick(['exclusive', 'inclusive', 'parallel', 'parallel', 'complex']);
  return { ...one(id, `<bpmn:${kind}Gateway id="${id}" />`), chooses: kind === 'exclusive' || kind === 'inclusive' };
}

function linked(id: string): GraphNode {
  const definition = `<bpmn:linkEventDefinition name="${id}" />`;
  const xml = `<bpmn:intermediateThrowEvent id="${id}">${definition}</bpmn:intermediateThrowEvent><bpmn:intermediateCatchEvent id="${id}_catch">${definition}</bpmn:intermediateCatchEvent>`;
  return { xml, entry: id, exits: [`${id}_catch`], chooses: false };
}
