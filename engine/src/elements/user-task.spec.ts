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

  it('may have candidates that variables and the profile say, by name or as a list', async () => {
    const computed = xml.replace('users="eve" groups="sales,finance"', 'users="=owner" groups="=teams"');
    const drive = await Drive.start(computed, { owner: 'ada, eve', teams: ['sales', 7] });
    expect(drive.last('create-task', 'approve').config).toMatchObject({
      candidateUsers: ['ada', 'eve'],
      candidateGroups: ['sales', '7'],
    });
    const nobody = await Drive.start(computed);
    expect(nobody.last('create-task', 'approve').config).toEqual({ form: { key: 'approval', fields: [] } });
    const wrong = await Drive.start(computed, { owner: { id: 1 } });
    expect(wrong.incident).toMatchObject({ type: 'expression-failed', elementId: 'approve' });
    wrong.resolve({ action: 'retry' }, { owner: 'ada' });
    expect(wrong.last('create-task', 'approve').config).toMatchObject({ candidateUsers: ['ada'] });
  });

  it('reads the performers of the standard', async () => {
    const role = (type: string, text: string) =>
      `<bpmn:${type}><bpmn:resourceAssignmentExpression><bpmn:formalExpression>${text}</bpmn:formalExpression></bpmn:resourceAssignmentExpression></bpmn:${type}>`;
    const drive = await Drive.start(
      bpmn(
        `<bpmn:userTask id="a">${role('humanPerformer', 'ada')}${role('potentialOwner', 'user(eve), group(sales), finance')}</bpmn:userTask>`,
      ),
    );
    expect(drive.last('create-task', 'a').config).toEqual({
      candidateUsers: ['ada', 'eve'],
      candidateGroups: ['sales', 'finance'],
    });
  });

  it('is told its lane, whose candidates it has where it names nobody', async () => {
    const own = extensions('<xflow:candidates users="ada" />');
    const lane = `<bpmn:lane id="l" name="Sales"><bpmn:extensionElements><xflow:candidates groups="sales" /></bpmn:extensionElements><bpmn:flowNodeRef>s</bpmn:flowNodeRef><bpmn:flowNodeRef>sub</bpmn:flowNodeRef></bpmn:lane>`;
    const drive = await Drive.start(
      bpmn(
        `<bpmn:laneSet id="set">${lane}</bpmn:laneSet><bpmn:startEvent id="s" />
         <bpmn:subProcess id="sub"><bpmn:userTask id="a" /><bpmn:userTask id="b">${own}</bpmn:userTask></bpmn:subProcess>`,
        ['f: s -> sub'],
      ),
    );
    expect(drive.last('create-task', 'a').config).toEqual({ lane: 'Sales', candidateGroups: ['sales'] });
    expect(drive.last('create-task', 'b').config).toEqual({ lane: 'Sales', candidateUsers: ['ada'] });
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
