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

/** The nodes and flows of one scope while they are written. */
interface Scope {
  readonly nodes: string[];
  readonly flows: string[];
}

/** Where a block may go besides its exit: inside of a parallel branch every token must come to the join. */
interface Place {
  readonly scope: Scope;
  readonly depth: number;
  readonly mayEnd: boolean;
  /**
   * Whether one token at a time comes here. Behind a non-interrupting boundary event several may, and inclusive joins bring
   * tokens of different rounds together, so that a parallel join around them would wait for ever.
   */
  readonly once: boolean;
}

/** Writes a block between two nodes: it is entered at `entry` and left at `exit`, by exactly one token for each that came in. */
interface Block {
  readonly entry: string;
  readonly exit: string;
}

/**
 * A process made of blocks: sequences, choices, parallel and inclusive forks with their joins, loops, subprocesses, boundary
 * events, event-based gateways, waits and work. Every loop asks the player whether to go on, so that all instances end when
 * everything they wait for happens.
 */
export function randomProcess(dice: Dice): string {
  return new ProcessWriter(dice).write();
}

/** Variables that conditions read; the player sets them at the start. */
export const variableNames = ['v0', 'v1', 'v2', 'v3'];
/** Segments that conditions ask for. */
export const segmentNames = ['vip', 'new'];
export const errorCodes = ['refused', 'gone'];

/** Nodes and flows after which only simple nodes are added. */
const maxNames = 250;

/** Variables of the element's own, and what goes outwards from them. */
const mapped = (variable: string): string =>
  extensions(
    `<zeebe:ioMapping xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"><zeebe:input source="=v0" target="own.part" /><zeebe:output source="=if segment(&quot;vip&quot;) then own.part else 1" target="${variable}" /></zeebe:ioMapping>`,
  );

class ProcessWriter {
  private count = 0;

  constructor(private readonly dice: Dice) {}

  write(): string {
    const scope: Scope = { nodes: [], flows: [] };
    this.fill(scope, 0);
    return bpmn(
      scope.nodes.join('\n'),
      scope.flows,
      eventGlobals + errorCodes.map(error).join(''),
      this.dice.chance(0.3) ? '<xflow:frequencyCap max="2" window="P1D" />' : '',
    );
  }

  /** From a start event to an end event. */
  private fill(scope: Scope, depth: number): void {
    const start = this.node(scope, (id) => `<bpmn:startEvent id="${id}" />`);
    const { entry, exit } = this.sequence({ scope, depth, mayEnd: true, once: true });
    if (depth === 0 && this.dice.chance(0.4)) this.connectSeveral(scope, start, entry);
    else this.connect(scope, start, entry);
    this.connect(scope, exit, this.endEvent(scope));
    if (this.dice.chance(0.25)) this.node(scope, (id) => eventSubprocess(this.dice, id));
  }

  /** Another start event beside the first. */
  private connectSeveral(scope: Scope, start: string, entry: string): void {
    const [attributes, content] = this.dice.pick(beginnings);
    const other = this.node(scope, (id) => `<bpmn:startEvent id="${id}" ${attributes}>${content}</bpmn:startEvent>`);
    const merge = this.node(scope, (id) => `<bpmn:exclusiveGateway id="${id}" />`);
    for (const one of [start, other]) this.connect(scope, one, merge);
    this.connect(scope, merge, entry);
  }

  private endEvent(scope: Scope): string {
    const definition = this.dice.chance(0.2) ? this.dice.pick(endings) : '';
    return this.node(scope, (id) => `<bpmn:endEvent id="${id}">${definition}</bpmn:endEvent>`);
  }

  private sequence(place: Place): Block {
    const blocks = Array.from({ length: 1 + this.dice.below(3) }, () => this.block(place));
    for (let index = 1; index < blocks.length; index += 1)
      this.connect(place.scope, blocks[index - 1]!.exit, blocks[index]!.entry);
    return { entry: blocks[0]!.entry, exit: blocks[blocks.length - 1]!.exit };
  }

  private block(place: Place): Block {
    const inner = { ...place, depth: place.depth + 1 };
    if (place.depth >= 4 || this.count > maxNames || this.dice.chance(0.35)) return this.simple(place.scope);
    switch (this.dice.below(10)) {
      case 0:
        return this.choice(inner);
      case 1:
        return this.parallel(inner);
      case 2:
        return place.once ? this.inclusive(inner) : this.parallel(inner);
      case 3:
        return this.loop(inner);
      case 4:
        return this.single(this.subprocess(inner));
      case 5:
        return this.guarded(inner);
      case 6:
        return this.eventBased(inner);
      case 7:
        return this.transaction(inner);
      case 8:
        return this.single(this.adHoc(inner));
      default:
        return this.sequence(inner);
    }
  }

  /** One node that does something. */
  private simple(scope: Scope): Block {
    const variable = this.dice.pick(variableNames);
    if (this.dice.chance(0.1)) return this.link(scope);
    if (this.dice.chance(0.1)) return this.single(this.node(scope, undoable));
    const work = (content: string) => `<bpmn:serviceTask id="ID">${extensions(content)}</bpmn:serviceTask>`;
    const xml = this.dice.pick([
      '<bpmn:task id="ID" />',
      '<bpmn:intermediateThrowEvent id="ID" />',
      '<bpmn:userTask id="ID" />',
      `<bpmn:userTask id="ID">${mapped(variable)}</bpmn:userTask>`,
      `<bpmn:intermediateCatchEvent id="ID">${mapped(variable)}${onMessage('ping')}</bpmn:intermediateCatchEvent>`,
      job('ID', '', `resultVariable="${variable}"`),
      job('ID', `<xflow:output name="${variable}" value="=if segment(&quot;vip&quot;) then result else 1" />`),
      work(`<xflow:task type="score" resultVariable="${variable}" />`),
      work('<xflow:segmentCheck segment="vip" />'),
      `<bpmn:sendTask id="ID">${extensions('<xflow:message channel="email" template="hello" />')}</bpmn:sendTask>`,
      `<bpmn:intermediateCatchEvent id="ID">${timer('PT1H')}</bpmn:intermediateCatchEvent>`,
      `<bpmn:intermediateCatchEvent id="ID">${timer('=if user.points > 0 then "PT2H" else "PT3H"')}</bpmn:intermediateCatchEvent>`,
      `<bpmn:intermediateCatchEvent id="ID">${onMessage('ping')}</bpmn:intermediateCatchEvent>`,
      '<bpmn:receiveTask id="ID" messageRef="message_ping" />',
      '<bpmn:callActivity id="ID" calledElement="other" />',
      '<bpmn:scriptTask id="ID" scriptFormat="javascript"><bpmn:script>({ v3: v0 + v1 })</bpmn:script></bpmn:scriptTask>',
      `<bpmn:businessRuleTask id="ID">${extensions('<xflow:task type="score" />')}</bpmn:businessRuleTask>`,
      `<bpmn:businessRuleTask id="ID">${extensions(`<xflow:decision ref="tier" resultVariable="${variable}" />`)}</bpmn:businessRuleTask>`,
      ...intermediateEvents,
    ]);
    return this.single(this.node(scope, (id) => this.looping(xml.replaceAll('"ID"', `"${id}"`))));
  }

  private link(scope: Scope): Block {
    const name = this.name('link');
    const definition = `<bpmn:linkEventDefinition name="${name}" />`;
    const event = (kind: string) =>
      this.node(
        scope,
        (id) => `<bpmn:intermediate${kind}Event id="${id}">${definition}</bpmn:intermediate${kind}Event>`,
      );
    return { entry: event('Throw'), exit: event('Catch') };
  }

  /** An activity, sometimes with loop characteristics. */
  private looping(xml: string): string {
    if (!/^<bpmn:(\w*[tT]ask|callActivity|subProcess) /.test(xml) || !this.dice.chance(0.15)) return xml;
    const completion = `<bpmn:completionCondition>=${this.condition()} and numberOfCompletedInstances > 1</bpmn:completionCondition>`;
    const loop = this.dice.pick([
      '<bpmn:standardLoopCharacteristics loopMaximum="2" />',
      `<bpmn:standardLoopCharacteristics loopMaximum="3" testBefore="true"><bpmn:loopCondition>=${this.condition()}</bpmn:loopCondition></bpmn:standardLoopCharacteristics>`,
      '<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>=modulo(v0, 4)</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>',
      `<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality>${completion}</bpmn:multiInstanceLoopCharacteristics>`,
      `<bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:loopCardinality>3</bpmn:loopCardinality>${completion}</bpmn:multiInstanceLoopCharacteristics>`,
    ]);
    return xml.endsWith(' />')
      ? `${xml.slice(0, -3)}>${loop}</${/^<([\w:]+)/.exec(xml)?.[1] ?? ''}>`
      : xml.replace(/(<\/[\w:]+>)$/, `${loop}$1`);
  }

  private condition(): string {
    if (this.dice.chance(0.2)) return `segment("${this.dice.pick(segmentNames)}")`;
    return `${this.dice.pick(variableNames)} > ${this.dice.below(10)}`;
  }

  private branches(place: Place): Block[] {
    return Array.from({ length: 2 + this.dice.below(2) }, () => this.sequence(place));
  }

  private choice(place: Place): Block {
    const { scope } = place;
    const branches = this.branches(place);
    const fork = this.forkWithDefault(scope, 'exclusiveGateway', branches);
    const merge = this.node(scope, (id) => `<bpmn:exclusiveGateway id="${id}" />`);
    branches.forEach(({ exit }, index) => {
      // One branch may end for itself: its token is not waited for.
      const ends = index === 0 && place.mayEnd && this.dice.chance(0.2);
      this.connect(scope, exit, ends ? this.node(scope, (id) => `<bpmn:endEvent id="${id}" />`) : merge);
    });
    return { entry: fork, exit: merge };
  }

  private parallel(place: Place): Block {
    const { scope } = place;
    const branches = this.branches({ ...place, mayEnd: false });
    // Without a gateway, an activity with several outgoing flows forks too.
    const tag = this.dice.chance(0.3) ? 'task' : 'parallelGateway';
    const fork = this.node(scope, (id) => `<bpmn:${tag} id="${id}" />`);
    const joinTag = place.once && this.dice.chance(0.2) ? 'complexGateway' : 'parallelGateway';
    const join = this.node(scope, (id) => `<bpmn:${joinTag} id="${id}" />`);
    for (const { entry, exit } of branches) {
      this.connect(scope, fork, entry);
      this.connect(scope, exit, join);
    }
    // Two flows between the same two nodes.
    if (this.dice.chance(0.2)) for (let twice = 0; twice < 2; twice += 1) this.connect(scope, fork, join);
    return { entry: fork, exit: join };
  }

  private inclusive(place: Place): Block {
    const { scope } = place;
    const branches = this.branches(place);
    const fork = this.forkWithDefault(scope, 'inclusiveGateway', branches);
    const join = this.node(scope, (id) => `<bpmn:inclusiveGateway id="${id}" />`);
    for (const { exit } of branches) this.connect(scope, exit, join);
    return { entry: fork, exit: join };
  }

  private forkWithDefault(scope: Scope, tag: string, branches: readonly Block[]): string {
    const defaultFlow = this.name('flow');
    const fork = this.node(scope, (id) => `<bpmn:${tag} id="${id}" default="${defaultFlow}" />`);
    branches.forEach(({ entry }, index) => {
      if (index === 0) scope.flows.push(`${defaultFlow}: ${fork} -> ${entry}`);
      else this.connect(scope, fork, entry, ` if ${this.condition()}`);
    });
    return fork;
  }

  /** The player decides after each round, by the result of the job `again...`. */
  private loop(place: Place): Block {
    const { scope } = place;
    const merge = this.node(scope, (id) => `<bpmn:exclusiveGateway id="${id}" />`);
    const { entry, exit } = this.sequence(place);
    const again = this.name('again');
    scope.nodes.push(job(again, '', `resultVariable="${again}"`));
    const leave = this.name('flow');
    const fork = this.node(scope, (id) => `<bpmn:exclusiveGateway id="${id}" default="${leave}" />`);
    const after = this.node(scope, (id) => `<bpmn:task id="${id}" />`);
    this.connect(scope, merge, entry);
    this.connect(scope, exit, again);
    this.connect(scope, again, fork);
    this.connect(scope, fork, merge, ` if ${again}`);
    scope.flows.push(`${leave}: ${fork} -> ${after}`);
    return { entry: merge, exit: after };
  }

  private subprocess(place: Place): string {
    const inner: Scope = { nodes: [], flows: [] };
    this.fill(inner, place.depth);
    if (this.dice.chance(0.2))
      // A second way through it, on its own: the subprocess waits for both.
      this.connect(
        inner,
        this.node(inner, (id) => `<bpmn:task id="${id}" />`),
        this.endEvent(inner),
      );
    return this.node(place.scope, (id) =>
      this.looping(
        `<bpmn:subProcess id="${id}">${this.dice.chance(0.3) ? mapped('v1') : ''}${inner.nodes.join('')}${inner.flows.map(flow).join('')}</bpmn:subProcess>`,
      ),
    );
  }

  /** A transaction that may be cancelled, and is left by the same way then. */
  private transaction(place: Place): Block {
    const { scope } = place;
    const inner: Scope = { nodes: [], flows: [] };
    const start = this.node(inner, (id) => `<bpmn:startEvent id="${id}" />`);
    const undone = this.node(inner, undoable);
    const { entry, exit } = this.sequence({ scope: inner, depth: place.depth, mayEnd: true, once: true });
    const completed = this.name('flow');
    const fork = this.node(inner, (id) => `<bpmn:exclusiveGateway id="${id}" default="${completed}" />`);
    const cancel = this.node(inner, (id) => `<bpmn:endEvent id="${id}"><bpmn:cancelEventDefinition /></bpmn:endEvent>`);
    this.connect(inner, start, undone);
    this.connect(inner, undone, entry);
    this.connect(inner, exit, fork);
    this.connect(inner, fork, cancel, ` if ${this.condition()}`);
    inner.flows.push(`${completed}: ${fork} -> ${this.endEvent(inner)}`);
    const transaction = this.node(
      scope,
      (id) =>
        `<bpmn:transaction id="${id}">${inner.nodes.join('')}${inner.flows.map(flow).join('')}</bpmn:transaction>`,
    );
    const merge = this.node(scope, (id) => `<bpmn:exclusiveGateway id="${id}" />`);
    const boundary = this.node(
      scope,
      (id) =>
        `<bpmn:boundaryEvent id="${id}" attachedToRef="${transaction}"><bpmn:cancelEventDefinition /></bpmn:boundaryEvent>`,
    );
    this.connect(scope, transaction, merge);
    this.connect(scope, boundary, merge);
    return { entry: transaction, exit: merge };
  }

  /** An activity with a boundary event, whose way comes together with the normal one, or ends. */
  private guarded(place: Place): Block {
    const { scope } = place;
    const activity = this.dice.chance(0.5)
      ? this.subprocess(place)
      : this.node(scope, (id) => this.looping(this.dice.chance(0.5) ? job(id) : `<bpmn:userTask id="${id}" />`));
    const merge = this.node(scope, (id) => `<bpmn:exclusiveGateway id="${id}" />`);
    this.connect(scope, activity, merge);
    const interrupting = this.dice.chance(0.6);
    const definition = trigger(this.dice, interrupting);
    const boundary = this.node(
      scope,
      (id) =>
        `<bpmn:boundaryEvent id="${id}" attachedToRef="${activity}" cancelActivity="${String(interrupting)}">${definition}</bpmn:boundaryEvent>`,
    );
    const way = this.sequence({
      ...place,
      mayEnd: interrupting && place.mayEnd,
      once: interrupting && place.once,
    });
    this.connect(scope, boundary, way.entry);
    // The token of a non-interrupting one is one more: it ends for itself.
    const ends = !interrupting || (place.mayEnd && this.dice.chance(0.3));
    this.connect(scope, way.exit, ends ? this.node(scope, (id) => `<bpmn:endEvent id="${id}" />`) : merge);
    return { entry: activity, exit: merge };
  }

  /** Begins with all of its tasks, at once or one after the other; complete when all have ended. */
  private adHoc({ scope }: Place): string {
    const tasks = Array.from({ length: 1 + this.dice.below(3) }, () => this.name('node'));
    const list = JSON.stringify(tasks).replaceAll('"', '&quot;');
    const extension = extensions(
      `<zeebe:adHoc xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" activeElementsCollection="=${list}" />`,
    );
    const ordering = this.dice.pick(['Parallel', 'Sequential']);
    const content = tasks.map((id) => (this.dice.chance(0.5) ? job(id) : `<bpmn:userTask id="${id}" />`)).join('');
    return this.node(
      scope,
      (id) => `<bpmn:adHocSubProcess id="${id}" ordering="${ordering}">${extension}${content}</bpmn:adHocSubProcess>`,
    );
  }

  private eventBased(place: Place): Block {
    const { scope } = place;
    const gateway = this.node(scope, (id) => `<bpmn:eventBasedGateway id="${id}" />`);
    const merge = this.node(scope, (id) => `<bpmn:exclusiveGateway id="${id}" />`);
    for (const definition of [timer('PT1H'), onMessage('ping'), onMessage('stop')]) {
      const event = this.node(
        scope,
        (id) => `<bpmn:intermediateCatchEvent id="${id}">${definition}</bpmn:intermediateCatchEvent>`,
      );
      const { entry, exit } = this.sequence(place);
      this.connect(scope, gateway, event);
      this.connect(scope, event, entry);
      this.connect(scope, exit, merge);
    }
    return { entry: gateway, exit: merge };
  }

  private single(id: string): Block {
    return { entry: id, exit: id };
  }

  private node(scope: Scope, xml: (id: string) => string): string {
    const id = this.name('node');
    scope.nodes.push(xml(id));
    return id;
  }

  private connect(scope: Scope, source: string, target: string, condition = ''): void {
    scope.flows.push(`${this.name('flow')}: ${source} -> ${target}${condition}`);
  }

  private name(kind: string): string {
    this.count += 1;
    return `${kind}${this.count}`;
  }
}
