import { bpmn, timer } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const xml = (duration: string) =>
  bpmn(
    `<bpmn:startEvent id="s" /><bpmn:intermediateCatchEvent id="wait">${timer(duration)}</bpmn:intermediateCatchEvent><bpmn:endEvent id="e" />`,
    ['f1: s -> wait', 'f2: wait -> e'],
  );

describe('a timer catch event', () => {
  it('waits until it is due', async () => {
    const drive = await Drive.start(xml('P3D'));
    expect(drive.last('schedule-timer', 'wait').dueAt).toBe(Date.UTC(2026, 0, 8, 9));
    expect(drive.view.tokens[0]?.waitingFor).toEqual([{ kind: 'timer', detail: '2026-01-08T09:00:00.000Z' }]);
    drive.timer('wait');
    expect(drive.status).toBe('completed');
    expect(drive.all('cancel-timer')).toEqual([]);
  });

  it('becomes an incident when nobody can say when that is', async () => {
    const drive = await Drive.start(xml('=patience'), { patience: 'a while' });
    expect(drive.incident).toMatchObject({ type: 'expression-failed', elementId: 'wait' });
    drive.resolve({ action: 'retry' }, { patience: 'PT1H' });
    expect(drive.waitingAt).toEqual(['wait']);
    expect(drive.view.incidents).toEqual([]);
  });
});
