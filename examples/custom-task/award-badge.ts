import { TaskHandler, type AnswerHandler, type AnswerRequest } from '@xflow/server';

type Badge = { badge: string; points?: number };

@TaskHandler('award-badge', {
  title: 'Award badge',
  description: 'Tags the user with a badge, and adds its points.',
  schema: {
    type: 'object',
    properties: {
      badge: { type: 'string', description: 'Name of the badge.', minLength: 1 },
      points: { type: 'integer', description: 'Points that come with it.', minimum: 0, default: 0 },
    },
    required: ['badge'],
    additionalProperties: false,
  },
})
export class AwardBadge implements AnswerHandler<Badge> {
  async answer(requests: readonly AnswerRequest<Badge>[]) {
    return requests.map(({ config: { badge, points = 0 } }) => ({
      result: { badge, points },
      changes: [{ kind: 'tag', add: [`badge-${badge}`] } as const, { kind: 'points', add: points } as const],
    }));
  }
}
