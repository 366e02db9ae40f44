import {
  bpmn,
  cycle,
  error,
  escalation,
  extensions,
  flow,
  job,
  message,
  onCondition,
  onError,
  onEscalation,
  onMessage,
  onSignal,
  signal,
  timer,
} from '../bpmn.js';
import { Dice } from '../random/dice.js';
import { undoable } from '../random/random-events.js';
import { randomProcess } from '../random/random-process.js';

const flows = (...lines: readonly string[]) => lines.map(flow).join('');
const tasks = (...ids: readonly string[]) => ids.map((id) => `<bpmn:userTask id="${id}" />`).join('');

/** Diagrams whose histories are recorded, by name. New elements come with new diagrams; these stay as they are. */
export const recordedProcesses: ReadonlyMap<string, string> = new Map([
  [
    'sequence-of-work',
    bpmn(
      `<bpmn:startEvent id="s" />${job('charge', '', 'resultVariable="v0"')}${tasks('ask')}<bpmn:serviceTask id="score">${extensions('<xflow:task type="score" resultVariable="v1" />')}</bpmn:serviceTask>
       <bpmn:sendTask id="mail">${extensions('<xflow:message channel="email" template="hello" />')}</bpmn:sendTask><bpmn:endEvent id="e" />`,
      ['f1: s -> charge', 'f2: charge -> ask', 'f3: ask -> score', 'f4: score -> mail', 'f5: mail -> e'],
      '',
      '<xflow:frequencyCap max="2" window="P1D" />',
    ),
  ],
  [
    'gateways',
    bpmn(
      `<bpmn:startEvent id="s" /><bpmn:exclusiveGateway id="x" default="small" />${tasks('a', 'b', 'c', 'd', 'g')}<bpmn:exclusiveGateway id="m" />
       <bpmn:parallelGateway id="fork" /><bpmn:parallelGateway id="join" /><bpmn:inclusiveGateway id="or" default="none" /><bpmn:inclusiveGateway id="meet" /><bpmn:endEvent id="e" />`,
      [
        'f1: s -> x',
        'big: x -> a if v0 > 4',
        'small: x -> b',
        'f2: a -> m',
        'f3: b -> m',
        'f4: m -> fork',
        'f5: fork -> c',
        'f6: fork -> d',
        'f7: c -> join',
        'f8: d -> join',
        'f9: join -> or',
        'one: or -> g if v1 > 2',
        'two: or -> meet if segment("vip")',
        'none: or -> meet',
        'f10: g -> meet',
        'f11: meet -> e',
      ],
    ),
  ],
  [
    'events',
    bpmn(
      `<bpmn:startEvent id="s" /><bpmn:eventBasedGateway id="g" /><bpmn:intermediateCatchEvent id="late">${timer('PT1H')}</bpmn:intermediateCatchEvent>
       <bpmn:intermediateCatchEvent id="told">${onMessage('ping')}</bpmn:intermediateCatchEvent><bpmn:exclusiveGateway id="m" />
       <bpmn:subProcess id="sub"><bpmn:startEvent id="s2" />${job('pay')}<bpmn:endEvent id="e2" />${flow('g1: s2 -> pay')}${flow('g2: pay -> e2')}</bpmn:subProcess>
       <bpmn:boundaryEvent id="refused" attachedToRef="sub">${onError('refused')}</bpmn:boundaryEvent>
       <bpmn:boundaryEvent id="remind" attachedToRef="sub" cancelActivity="false">${timer('PT30M')}</bpmn:boundaryEvent>
       <bpmn:callActivity id="call" calledElement="other" /><bpmn:endEvent id="e" /><bpmn:endEvent id="e3" /><bpmn:endEvent id="e4" />`,
      [
        'f1: s -> g',
        'f2: g -> late',
        'f3: g -> told',
        'f4: late -> m',
        'f5: told -> m',
        'f6: m -> sub',
        'f7: sub -> call',
        'f8: call -> e',
        'f9: refused -> e3',
        'f10: remind -> e4',
      ],
      message('ping') + error('refused'),
    ),
  ],
  [
    'event-subprocesses',
    bpmn(
      `<bpmn:startEvent id="s" />
       <bpmn:subProcess id="sub"><bpmn:startEvent id="s2" /><bpmn:intermediateThrowEvent id="tell">${onEscalation('late')}</bpmn:intermediateThrowEvent>${tasks('work', 'more')}<bpmn:endEvent id="e2" />${flows('g0: s2 -> tell', 'g1: tell -> work', 'g2: work -> more', 'g3: more -> e2')}
         <bpmn:subProcess id="beside" triggeredByEvent="true"><bpmn:startEvent id="b1" isInterrupting="false">${cycle('R3/PT10M')}</bpmn:startEvent>${job('look', '', 'resultVariable="v1"')}<bpmn:endEvent id="b2" />${flows('b3: b1 -> look', 'b4: look -> b2')}</bpmn:subProcess>
         <bpmn:subProcess id="rescue" triggeredByEvent="true"><bpmn:startEvent id="r1">${onCondition('v1 > 6')}</bpmn:startEvent>${tasks('repair')}<bpmn:endEvent id="r2" />${flows('r3: r1 -> repair', 'r4: repair -> r2')}</bpmn:subProcess>
       </bpmn:subProcess>
       <bpmn:boundaryEvent id="escalated" attachedToRef="sub" cancelActivity="false">${onEscalation('late')}</bpmn:boundaryEvent>
       <bpmn:intermediateThrowEvent id="alert">${onSignal('alarm')}</bpmn:intermediateThrowEvent>${tasks('note')}<bpmn:endEvent id="e" /><bpmn:endEvent id="e3" />
       <bpmn:subProcess id="told" triggeredByEvent="true"><bpmn:startEvent id="t1" isInterrupting="false">${onSignal('alarm')}</bpmn:startEvent>${tasks('listen')}<bpmn:endEvent id="t2"><bpmn:terminateEventDefinition /></bpmn:endEvent>${flows('t3: t1 -> listen', 't4: listen -> t2')}</bpmn:subProcess>`,
      ['f1: s -> sub', 'f2: sub -> alert', 'f3: alert -> e', 'f4: escalated -> note', 'f5: note -> e3'],
      escalation('late') + signal('alarm'),
    ),
  ],
  [
    'undoing',
    bpmn(
      `<bpmn:startEvent id="s" />
       <bpmn:transaction id="order"><bpmn:startEvent id="s2" />${undoable('reserve')}
         <bpmn:subProcess id="each">
           <bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>
           <bpmn:startEvent id="s3" />${undoable('pack')}<bpmn:endEvent id="e3" />${flows('h1: s3 -> pack', 'h2: pack -> e3')}
         </bpmn:subProcess>
         <bpmn:endEvent id="e2"><bpmn:cancelEventDefinition /></bpmn:endEvent>${flows('g1: s2 -> reserve', 'g2: reserve -> each', 'g3: each -> e2')}
       </bpmn:transaction>
       <bpmn:boundaryEvent id="cancelled" attachedToRef="order"><bpmn:cancelEventDefinition /></bpmn:boundaryEvent>
       ${undoable('book')}<bpmn:intermediateThrowEvent id="undo"><bpmn:compensateEventDefinition activityRef="book" /></bpmn:intermediateThrowEvent>
       ${undoable('again')}<bpmn:endEvent id="e"><bpmn:compensateEventDefinition /></bpmn:endEvent><bpmn:endEvent id="done" />`,
      [
        'f1: s -> order',
        'f2: order -> done',
        'f3: cancelled -> book',
        'f4: book -> undo',
        'f5: undo -> again',
        'f6: again -> e',
      ],
    ),
  ],
  [
    'repeating',
    bpmn(
      `<bpmn:startEvent id="s" /><bpmn:serviceTask id="twice">${extensions('<xflow:task type="charge" resultVariable="v0" />')}<bpmn:standardLoopCharacteristics loopMaximum="2" /></bpmn:serviceTask>
       <bpmn:userTask id="votes"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>4</bpmn:loopCardinality><bpmn:completionCondition>=numberOfCompletedInstances > 2</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>
       <bpmn:subProcess id="steps"><bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>
         <bpmn:startEvent id="s2" />${job('step', '', 'resultVariable="v2"')}<bpmn:endEvent id="e2" />${flows('g1: s2 -> step', 'g2: step -> e2')}</bpmn:subProcess>
       <bpmn:adHocSubProcess id="any">${extensions('<zeebe:adHoc xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" activeElementsCollection="=[&quot;x&quot;,&quot;y&quot;]" />')}${tasks('x', 'y', 'z')}${flow('h1: x -> z')}</bpmn:adHocSubProcess><bpmn:endEvent id="e" />`,
      ['f1: s -> twice', 'f2: twice -> votes', 'f3: votes -> steps', 'f4: steps -> any', 'f5: any -> e'],
    ),
  ],
  [
    'catching-and-throwing',
    bpmn(
      `<bpmn:startEvent id="s" /><bpmn:startEvent id="s2">${onMessage('ping') + onSignal('alarm')}</bpmn:startEvent><bpmn:startEvent id="s3">${onMessage('ping')}</bpmn:startEvent><bpmn:startEvent id="s4">${onSignal('alarm')}</bpmn:startEvent>
       <bpmn:startEvent id="s5">${timer('PT1H')}</bpmn:startEvent><bpmn:startEvent id="s6">${onCondition('segment("vip")')}</bpmn:startEvent><bpmn:exclusiveGateway id="m" />
       <bpmn:intermediateCatchEvent id="alarmed">${onSignal('alarm')}</bpmn:intermediateCatchEvent><bpmn:intermediateCatchEvent id="when">${onCondition('user.points > 0')}</bpmn:intermediateCatchEvent>
       <bpmn:intermediateCatchEvent id="either">${onSignal('alarm') + onMessage('ping') + timer('PT1H')}</bpmn:intermediateCatchEvent><bpmn:intermediateCatchEvent id="both" parallelMultiple="true">${onSignal('alarm') + onMessage('ping')}</bpmn:intermediateCatchEvent>
       <bpmn:receiveTask id="receive" messageRef="message_ping" /><bpmn:intermediateThrowEvent id="publish">${onMessage('ping')}</bpmn:intermediateThrowEvent>
       <bpmn:intermediateThrowEvent id="mail">${extensions('<xflow:message channel="email" template="hello" />')}<bpmn:messageEventDefinition /></bpmn:intermediateThrowEvent>
       <bpmn:intermediateThrowEvent id="escalate">${onEscalation('late')}</bpmn:intermediateThrowEvent><bpmn:intermediateThrowEvent id="all">${onSignal('alarm') + onMessage('ping') + onEscalation('late')}</bpmn:intermediateThrowEvent>
       <bpmn:intermediateThrowEvent id="go"><bpmn:linkEventDefinition name="on" /></bpmn:intermediateThrowEvent><bpmn:intermediateCatchEvent id="come"><bpmn:linkEventDefinition name="on" /></bpmn:intermediateCatchEvent>
       <bpmn:task id="fork" /><bpmn:intermediateThrowEvent id="nothing" />
       <bpmn:endEvent id="e1">${onSignal('alarm')}</bpmn:endEvent><bpmn:endEvent id="e2">${onEscalation('late')}</bpmn:endEvent><bpmn:endEvent id="e3">${extensions('<xflow:message channel="email" template="hello" />')}<bpmn:messageEventDefinition /></bpmn:endEvent>
       <bpmn:endEvent id="e4">${onSignal('alarm') + onMessage('ping')}</bpmn:endEvent>${tasks('last')}<bpmn:endEvent id="e5">${onError('refused')}</bpmn:endEvent>`,
      [
        ...['s', 's2', 's3', 's4', 's5', 's6'].map((id, index) => `b${index}: ${id} -> m`),
        'f1: m -> alarmed',
        'f2: alarmed -> when',
        'f3: when -> either',
        'f4: either -> both',
        'f5: both -> receive',
        'f6: receive -> publish',
        'f7: publish -> mail',
        'f8: mail -> escalate',
        'f9: escalate -> all',
        'f10: all -> go',
        'f11: come -> fork',
        'f12: fork -> nothing',
        'f13: nothing -> e1',
        'f14: fork -> e2',
        'f15: fork -> e3',
        'f16: fork -> e4',
        'f17: fork -> last',
        'f18: last -> e5',
      ],
      message('ping') + signal('alarm') + escalation('late') + error('refused'),
    ),
  ],
  [
    'work-of-all-kinds',
    bpmn(
      `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" /><bpmn:scriptTask id="sum" scriptFormat="javascript"><bpmn:script>({ v3: v0 + v1, dice: Math.random() })</bpmn:script></bpmn:scriptTask>
       <bpmn:businessRuleTask id="decide">${extensions('<xflow:decision ref="tier" resultVariable="v2" />')}</bpmn:businessRuleTask><bpmn:businessRuleTask id="rule">${extensions('<xflow:task type="score" />')}</bpmn:businessRuleTask>
       <bpmn:callActivity id="call" calledElement="other" /><bpmn:complexGateway id="first"><bpmn:activationCondition>=activationCount >= 2</bpmn:activationCondition></bpmn:complexGateway>${tasks('after')}<bpmn:endEvent id="e" />`,
      [
        'f0: s -> fork',
        ...['sum', 'decide', 'rule', 'call'].flatMap((id) => [`to_${id}: fork -> ${id}`, `of_${id}: ${id} -> first`]),
        'f1: first -> after',
        'f2: after -> e',
      ],
    ),
  ],
  ...['a', 'b', 'c', 'd'].map((seed): [string, string] => [
    `random-${seed}`,
    randomProcess(new Dice(`golden-${seed}`)),
  ]),
]);
