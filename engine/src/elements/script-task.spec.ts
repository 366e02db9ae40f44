import { bpmn } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const xml = (script: string) =>
  bpmn(
    `<bpmn:startEvent id="s" /><bpmn:scriptTask id="work" scriptFormat="javascript"><bpmn:script><![CDATA[${script}]]></bpmn:script></bpmn:scriptTask>`,
    ['f1: s -> work'],
  );

describe('a script task', () => {
  it('merges an object that it returns into the variables', async () => {
    const drive = await Drive.start(xml('return { double: amount * 2 };'), { amount: 4 });
    expect(drive.status).toBe('completed');
    expect(drive.variables).toEqual({ amount: 4, double: 8 });
  });

  it('that throws becomes an incident, and runs again on a retry', async () => {
    const drive = await Drive.start(xml('return { name: person.name };'), { person: null });
    expect(drive.incident).toMatchObject({ type: 'script-failed', elementId: 'work' });
    drive.resolve({ action: 'retry' }, { person: { name: 'Ada' } });
    expect(drive.status).toBe('completed');
  });
});
