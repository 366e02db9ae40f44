import { bpmn, extensions } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const xml = bpmn(
  `<bpmn:startEvent id="s" /><bpmn:userTask id="approve" name="Approve">${extensions(
    '<xflow:form key="approval" /><xflow:candidates users="eve" groups="sales,finance" />',
  )}</bpmn:userTask><bpmn:endEvent id="e" />`,
  ['f1: s -> approve', 'f2: approve -> e'],
);

describe('a user task', () => {
  it('is put before its candidates', async () => {
    const drive = await Drive.start(xml);
    expect(drive.last('create-task', 'approve')).toMatchObject({
      taskKind: 'user',
      type: 'user-task',
      elementName: 'Approve',
      config: { form: { key: 'approval' }, candidateUsers: ['eve'], candidateGroups: ['sales', 'finance'] },
    });
    expect(drive.view.tokens[0]?.waitingFor).toEqual([{ kind: 'user-task' }]);
  });

  it('merges what the person entered into the variables', async () => {
    const drive = await Drive.start(xml, { approved: null, kept: 1 });
    drive.complete('approve', { approved: true });
    expect(drive.variables).toEqual({ approved: true, kept: 1 });
    expect(drive.status).toBe('completed');
  });

  it('takes what is no object for no variables', async () => {
    expect((await Drive.start(xml)).complete('approve', 'yes').variables).toEqual({});
  });
});
