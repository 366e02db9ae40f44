import type { Candidate, UserTaskNode } from '../flow-node.js';
import type { Variables } from '../json.js';
import { type BpmnElement, elementOf, elementsOf, extensionOf, idOf, textOf } from './bpmn-element.js';
import { toFeel } from './foreign-expression.js';
import { candidatesOfLanes } from './lanes.js';
import type { NodeReading } from './read-node.js';
import type { Reader } from './reader.js';

/** Reads a user task. `task` is the element itself, or the global task that it calls. */
export function readUserTask(task: BpmnElement, element: BpmnElement, reader: Reader): NodeReading {
  return {
    content: {
      type: 'user-task',
      form: readForm(task),
      ...readCandidates(task, element, (text) => reader.expression(element, 'who may do it', text)),
    },
  };
}

function readForm(task: BpmnElement): UserTaskNode['form'] {
  const form = extensionOf(task, 'xflow:Form');
  const zeebeForm = extensionOf(task, 'zeebe:formDefinition');
  const key =
    (form && textOf(form, 'key')) ??
    (zeebeForm && (textOf(zeebeForm, 'formId') ?? textOf(zeebeForm, 'formKey'))) ??
    textOf(task, 'camunda:formKey');
  const formData = extensionOf(task, 'camunda:formData')?.$children ?? [];
  const fields = form
    ? elementsOf(form, 'fields').map(readField)
    : formData.filter(({ $type }) => $type === 'camunda:formField').map(readForeignField);
  return key === null && fields.length === 0 ? null : Object.freeze({ key, fields: Object.freeze(fields) });
}

function readField(field: BpmnElement): Variables {
  const options = textOf(field, 'options');
  return Object.freeze({
    name: textOf(field, 'name') ?? '',
    label: textOf(field, 'label') ?? textOf(field, 'name') ?? '',
    type: textOf(field, 'type') ?? 'string',
    required: field.get?.('required') === true,
    ...(options === null ? {} : { options: parts(options) }),
  });
}

const foreignFieldTypes: Readonly<Record<string, string>> = { long: 'number', boolean: 'boolean', date: 'date' };

/** A camunda:formField. */
function readForeignField(field: BpmnElement): Variables {
  const name = textOf(field, 'id') ?? '';
  const type = textOf(field, 'type') ?? 'string';
  const options = (field.$children ?? []).filter(({ $type }) => $type === 'camunda:value');
  return Object.freeze({
    name,
    label: textOf(field, 'label') ?? name,
    type: Object.hasOwn(foreignFieldTypes, type) ? (foreignFieldTypes[type] ?? 'string') : 'string',
    required: false,
    ...(options.length === 0 ? {} : { options: options.map((option) => textOf(option, 'id') ?? '') }),
  });
}

/** What a task says of who may do it, as the texts of users and of groups. */
export interface SaidCandidates {
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/**
 * By xflow:candidates, the extensions of other engines, or the performers of the standard (BPMN 2.0.2, 10.3.1); where the task says nothing, by
 * xflow:candidates of the lane that it is in.
 */
export function candidatesSaidBy(task: BpmnElement, element: BpmnElement): SaidCandidates {
  const own = saidByExtensions(task);
  if (own.users.length + own.groups.length > 0) return own;
  const performers = elementsOf(task, 'resources').map(saidByPerformer);
  if (performers.length > 0)
    return { users: performers.flatMap(({ users }) => users), groups: performers.flatMap(({ groups }) => groups) };
  const ofLanes = candidatesOfLanes(element);
  return ofLanes
    ? { users: parts(textOf(ofLanes, 'users')), groups: parts(textOf(ofLanes, 'groups')) }
    : { users: [], groups: [] };
}

function saidByExtensions(task: BpmnElement): SaidCandidates {
  const candidates = extensionOf(task, 'xflow:Candidates');
  const assignment = extensionOf(task, 'zeebe:assignmentDefinition');
  const said = (xflow: string, foreign: string): readonly string[] =>
    parts(
      (candidates && textOf(candidates, xflow)) ??
        (assignment && textOf(assignment, foreign)) ??
        textOf(task, `camunda:${foreign}`),
    );
  const assignee = (assignment && textOf(assignment, 'assignee')) ?? textOf(task, 'camunda:assignee');
  return { users: [...parts(assignee), ...said('users', 'candidateUsers')], groups: said('groups', 'candidateGroups') };
}

/** A human performer is a user; potential owners are `user(ada), group(sales)`, or groups where they do not say. */
function saidByPerformer(role: BpmnElement): SaidCandidates {
  const assigned = elementOf(role, 'resourceAssignmentExpression');
  const expression = assigned && elementOf(assigned, 'expression');
  const resource = elementOf(role, 'resourceRef');
  const text = (expression && textOf(expression, 'body')) ?? (resource && (textOf(resource, 'name') ?? idOf(resource)));
  if (role.$type !== 'bpmn:PotentialOwner') return { users: parts(text), groups: [] };
  const users: string[] = [];
  const groups: string[] = [];
  for (const part of parts(text)) {
    const [, kind, name = ''] = /^(user|group)\(([^()]*)\)$/.exec(part) ?? [];
    if (kind === 'user') users.push(name.trim());
    else groups.push(kind === 'group' ? name.trim() : part);
  }
  return { users, groups };
}

/** FEEL is one part; else parts are separated by commas, and each may be an expression of another engine. */
function parts(text: string | null): readonly string[] {
  if (text === null) return [];
  if (text.startsWith('=')) return [text];
  return (text.match(/[$#]\{[^}]*\}|[^,]+/g) ?? []).map((part) => part.trim()).filter((part) => part !== '');
}

/** Whether the text is an expression of another engine that is not understood: nobody is named by it, and a rule says so. */
export const isForeignCandidate = (text: string): boolean => /^[$#]\{/.test(text) && !toFeel(text).ok;

function readCandidates(
  task: BpmnElement,
  element: BpmnElement,
  compile: (text: string) => Candidate,
): Pick<UserTaskNode, 'candidateUsers' | 'candidateGroups'> {
  const { users, groups } = candidatesSaidBy(task, element);
  const read = (texts: readonly string[]): readonly Candidate[] =>
    Object.freeze(
      [...new Set(texts)]
        .filter((text) => !isForeignCandidate(text))
        .map((text) => (/^(=|[$#]\{)/.test(text) ? compile(text) : text)),
    );
  return { candidateUsers: read(users), candidateGroups: read(groups) };
}
