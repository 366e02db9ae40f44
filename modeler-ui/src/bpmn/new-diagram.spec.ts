import { compile } from '@xflow/engine';
import { newDiagram } from './new-diagram.js';

describe('newDiagram', () => {
  it('is a workflow that can be deployed, whatever its name', async () => {
    const result = await compile(newDiagram('1a2b3c4d', 'Tom & "Jerry" <3'));
    expect(result).toMatchObject({
      ok: true,
      definitions: [{ key: 'workflow-1a2b3c4d', name: 'Tom & "Jerry" <3' }],
    });
  });
});
