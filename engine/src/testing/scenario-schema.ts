import type { Schema } from '@cfworker/json-schema';

const text: Schema = { type: 'string', minLength: 1 };
const texts: Schema = { type: 'array', items: text };
const variables: Schema = { type: 'object' };
const textOrNull: Schema = { type: ['string', 'null'] };

function object(required: Record<string, Schema>, optional: Record<string, Schema> = {}): Schema {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

const aboutUser: Record<string, Schema> = {
  attributes: variables,
  tags: texts,
  stage: textOrNull,
  tier: textOrNull,
  points: { type: 'number' },
  segments: texts,
};

/** Of a whole scenario; its steps are checked one by one with {@link stepSchemas}, so that a mistake is told for the step that was meant. */
export const scenarioSchema: Schema = object(
  {
    now: text,
    seed: text,
    users: {
      type: 'array',
      items: object({ id: text }, aboutUser),
    },
    steps: { type: 'array', items: { type: 'object' } },
    expect: {
      type: 'array',
      items: object(
        { user: text },
        {
          workflow: text,
          status: { enum: ['active', 'completed', 'terminated', 'cancelled', 'error'] },
          passed: texts,
          notPassed: texts,
          waitingAt: texts,
          variables,
          stage: textOrNull,
          tier: textOrNull,
          tags: texts,
          incidents: texts,
        },
      ),
    },
  },
  {
    workflows: texts,
    decisions: texts,
    handlers: {
      type: 'object',
      additionalProperties: { type: ['object', 'array'], items: { type: 'object' }, minItems: 1 },
    },
  },
);

/** By the one key of a step. */
export const stepSchemas: ReadonlyMap<string, Schema> = new Map<string, Schema>([
  ['start', object({ user: text }, { workflow: text, variables, startEvent: text })],
  ['advanceBy', text],
  ['advanceTo', text],
  ['publishMessage', object({ name: text, key: text }, { variables })],
  ['broadcastSignal', object({ name: text }, { variables })],
  ['changeUser', object({ user: text }, aboutUser)],
  ['completeTask', object({ element: text }, { user: text, variables })],
  ['failTask', object({ element: text, reason: text }, { user: text })],
  ['throwError', object({ element: text, code: text }, { user: text })],
  [
    'resolveIncident',
    object({ action: { enum: ['retry', 'take-flow'] } }, { user: text, element: text, flowId: text, variables }),
  ],
  ['cancel', object({ user: text }, { workflow: text })],
]);
