import { bpmn, error, flow, onError, timer } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const throwing = `<bpmn:endEvent id="boom">${onError('refused')}</bpmn:endEvent>`;

describe('an error end event', () => {
  it('ends the instance with its error, and everything else in it', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" />
         <bpmn:intermediateCatchEvent id="w">${timer('P1D')}</bpmn:intermediateCatchEvent>${throwing}`,
        ['f1: s -> fork', 'f2: fork -> w', 'f3: fork -> boom'],
        error('refused'),
      ),
    );
    expect(drive.status).toBe('error');
    expect(drive.all('cancel-timer')).toHaveLength(1);
    expect(drive.all('end')).toMatchObject([{ outcome: 'error', error: { code: 'refused' } }]);
  });

  it('is caught at the subprocess it leaves', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:subProcess id="sub"><bpmn:startEvent id="s2" />${throwing}${flow('g1: s2 -> boom')}</bpmn:subProcess>
         <bpmn:boundaryEvent id="event" attachedToRef="sub">${onError('refused')}</bpmn:boundaryEvent>
         <bpmn:userTask id="after" /><bpmn:userTask id="caught" />`,
        ['f1: s -> sub', 'f2: sub -> after', 'f3: event -> caught'],
        error('refused'),
      ),
    );
    expect(drive.waitingAt).toEqual(['caught']);
    expect(drive.events).toContainEqual({
      kind: 'error-thrown',
      elementId: 'boom',
      code: 'refused',
      caughtBy: 'event',
    });
  });
});
