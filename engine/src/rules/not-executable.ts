import type { Rule } from '../compile/diagram.js';

export const notExecutable: Rule = {
  name: 'not-executable',
  level: 'warning',
  *check({ processes, marked }) {
    if (marked) return;
    for (const { id } of processes)
      yield {
        elementId: id,
        message: `No process of the file is marked as executable, so <${id}> is taken as executable.`,
        remedy: 'Set isExecutable="true" on the processes that are meant to run.',
      };
  },
};
