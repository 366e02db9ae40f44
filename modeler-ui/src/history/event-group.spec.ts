import { eventGroup } from './event-group.js';

describe('what an event is about', () => {
  it.each([
    ['flow-taken', 'path'],
    ['instance-migrated', 'path'],
    ['timer-fired', 'waits'],
    ['task-completed', 'work'],
    ['task-failed', 'trouble'],
    ['variables-set', 'variables'],
    ['user-changed', 'user'],
    ['incident-raised', 'trouble'],
  ] as const)('of %s is %s', (kind, group) => {
    expect(eventGroup({ kind })).toBe(group);
  });
});
