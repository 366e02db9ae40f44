import type { DataAssignment } from '../data-mapping.js';
import { globalTaskOf } from './global-task.js';
import { readDecision } from './read-decision.js';
import { type BpmnElement, elementOf, elementsOf, extensionOf, extensionsOf, textOf } from './bpmn-element.js';
import { readPublish } from './read-event.js';
import { readPath } from './read-path.js';
import { readUserTask } from './read-user-task.js';
import type { NodeReading, Readers } from './read-node.js';
import { messageName, readCorrelationKey } from './read-trigger.js';

/** Reads a task, a subprocess or a call activity. */
export function readActivity(element: BpmnElement, readers: Readers): NodeReading {
  switch (element.$type) {
    case 'bpmn:Task':
    case 'bpmn:ManualTask':
    case 'bpmn:ServiceTask':
      return readWork(element, readers, 'service-task');
    case 'bpmn:SendTask':
      return readWork(element, readers, 'service-task', readPublish(element, element, readers));
    case 'bpmn:BusinessRuleTask':
      return readDecision(element, readers.reader) ?? readWork(element, readers, 'business-rule-task');
    case 'bpmn:ScriptTask':
      return readScriptTask(element, readers);
    case 'bpmn:UserTask':
      return readUserTask(element, element, readers.reader);
    case 'bpmn:ReceiveTask':
      return {
        content: {
          type: 'receive-task',
          messageName: messageName(element),
          correlationKey: readCorrelationKey(element, element, readers.reader),
          instantiates: element.get?.('instantiate') === true,
        },
      };
    case 'bpmn:CallActivity':
      return readGlobalTask(element, readers) ?? readCallActivity(element, readers);
    case 'bpmn:SubProcess':
      if (element.get?.('triggeredByEvent') === true) return { content: { type: 'event-subprocess' } };
      return { content: { type: 'subprocess' } };
    case 'bpmn:Transaction':
      return { content: { type: 'transaction' } };
    case 'bpmn:AdHocSubProcess':
      return readAdHoc(element, readers);
    default:
      return { unsupported: `an element of type ${element.$type}` };
  }
}

function readWork(
  element: BpmnElement,
  { works }: Readers,
  type: 'service-task' | 'business-rule-task',
  otherwise: NodeReading | null = null,
): NodeReading {
  const work = works.read(element);
  if (!work) return otherwise ?? { content: { type: 'abstract-task' } };
  if (work.channel !== null) return { content: { type: 'send-task', channel: work.channel, task: work.spec } };
  return { content: { type, task: work.spec } };
}

function readScriptTask(element: BpmnElement, readers: Readers): NodeReading {
  const { reader } = readers;
  const zeebe = extensionOf(element, 'zeebe:script');
  if (zeebe) {
    const expression = reader.expression(element, 'the script', textOf(zeebe, 'expression') ?? 'null');
    return { content: { type: 'script-task', resultVariable: textOf(zeebe, 'resultVariable'), script: expression } };
  }
  const script = textOf(element, 'script');
  if (script === null) {
    const work = readers.works.read(element);
    return work ? { content: { type: 'service-task', task: work.spec } } : { content: { type: 'abstract-task' } };
  }
  const resultVariable = textOf(element, 'camunda:resultVariable');
  const format = textOf(element, 'scriptFormat') ?? textOf(element, 'scriptLanguage') ?? 'javascript';
  if (/feel/i.test(format))
    return {
      content: { type: 'script-task', resultVariable, script: reader.expression(element, 'the script', script) },
    };
  const compiled = /^(text\/|application\/)?(javascript|js|ecmascript)$/i.test(format)
    ? reader.script(element, script)
    : reader.refuseScript(
        element,
        `The script is written in ${format}.`,
        'Write it in JavaScript or FEEL, and set the script format to javascript or feel.',
      );
  return { content: { type: 'script-task', resultVariable, script: compiled } };
}

function readAdHoc(element: BpmnElement, { reader }: Readers): NodeReading {
  const condition = elementOf(element, 'completionCondition');
  const text = condition && textOf(condition, 'body');
  const zeebe = extensionOf(element, 'zeebe:adHoc');
  const initial = zeebe && textOf(zeebe, 'activeElementsCollection');
  return {
    content: {
      type: 'ad-hoc-subprocess',
      sequential: textOf(element, 'ordering') === 'Sequential',
      completion: text === null ? null : reader.condition(element, text, null, 'the completion condition'),
      cancelRemaining: element.get?.('cancelRemainingInstances') !== false,
      initial: initial === null ? null : reader.expression(element, 'the activities to begin with', initial),
    },
  };
}

/** A call activity may name a global task of the same file: then it is such a task itself (BPMN 2.0.2, 10.3.6). Null: it calls a workflow. */
function readGlobalTask(element: BpmnElement, readers: Readers): NodeReading | null {
  const task = globalTaskOf(element);
  switch (task?.$type) {
    case 'bpmn:GlobalUserTask':
      return readUserTask(task, element, readers.reader);
    case 'bpmn:GlobalScriptTask':
      return readScriptTask(task, readers);
    case 'bpmn:GlobalBusinessRuleTask':
      return readDecision(task, readers.reader) ?? readWork(task, readers, 'business-rule-task');
    case 'bpmn:GlobalTask':
    case 'bpmn:GlobalManualTask':
      return readWork(task, readers, 'service-task');
    default:
      return null;
  }
}

type Mappings = readonly DataAssignment[] | null;

function readCallActivity(element: BpmnElement, { reader }: Readers): NodeReading {
  const called = extensionOf(element, 'zeebe:calledElement');
  const calledWorkflow = textOf(element, 'calledElement') ?? (called && textOf(called, 'processId')) ?? '';
  const mapping = (place: string, name: string | null, text: string | null): DataAssignment => ({
    name: name ?? '',
    path: [],
    value: reader.expression(element, `${place} ${name ?? ''}`, text ?? 'null'),
  });
  const xflow = extensionOf(element, 'xflow:Task');
  const zeebe = extensionOf(element, 'zeebe:ioMapping')?.$children ?? [];
  const xflowMappings = (property: 'inputs' | 'outputs', place: string): Mappings => {
    const parts = xflow ? elementsOf(xflow, property) : [];
    if (parts.length === 0) return null;
    return parts.map((part) => {
      const text = textOf(part, 'value') ?? '';
      return mapping(place, textOf(part, 'name'), text.startsWith('=') ? text : JSON.stringify(text));
    });
  };
  const foreignMappings = (zeebeType: string, camundaType: string, place: string): Mappings => {
    const ofZeebe = zeebe.filter(({ $type }) => $type === zeebeType);
    const ofCamunda = extensionsOf(element).filter(
      (part) => part.$type === camundaType && textOf(part, 'target') !== null,
    );
    if (ofZeebe.length > 0)
      return ofZeebe.map((part) => {
        const target = textOf(part, 'target') ?? '';
        const path = readPath(element, `${place} ${target}`, target, reader);
        return { ...mapping(place, target, textOf(part, 'source')), ...path };
      });
    if (ofCamunda.length === 0) return null;
    return ofCamunda.map((part) =>
      mapping(place, textOf(part, 'target'), textOf(part, 'source') ?? textOf(part, 'sourceExpression')),
    );
  };
  const [ownInputs, ownOutputs] = [xflowMappings('inputs', 'the input'), xflowMappings('outputs', 'the output')];
  const inputs = ownInputs ?? foreignMappings('zeebe:input', 'camunda:in', 'the input') ?? [];
  const outputs = ownOutputs ?? foreignMappings('zeebe:output', 'camunda:out', 'the output') ?? [];
  const nameOf = ({ name, path }: DataAssignment): string => [name, ...path].join('.');
  reader.named(element, 'its inputs', inputs, nameOf);
  reader.named(element, 'its outputs', outputs, nameOf);
  const propagates = (attribute: string): boolean => called !== null && textOf(called, attribute) !== 'false';
  const saysAll = (camundaType: string): boolean =>
    extensionsOf(element).some((part) => part.$type === camundaType && textOf(part, 'variables') === 'all');
  return {
    content: {
      type: 'call-activity',
      calledWorkflow,
      // In Zeebe inputs are beside all variables, unless it says otherwise, and outputs instead of them.
      passesAll:
        ownInputs === null &&
        (called ? propagates('propagateAllParentVariables') : inputs.length === 0 || saysAll('camunda:in')),
      returnsAll:
        outputs.length === 0
          ? !called || propagates('propagateAllChildVariables')
          : !ownOutputs && saysAll('camunda:out'),
      inputs,
      outputs,
    },
  };
}
