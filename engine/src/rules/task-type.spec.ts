import { bpmn, extensions } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('task-type', () => {
  it('finds unknown types', async () => {
    expect(
      await findings(
        'task-type',
        bpmn(inARow(`<bpmn:serviceTask id="it">${extensions('<xflow:task type="teleport" />')}</bpmn:serviceTask>`)),
      ),
    ).toEqual([['it', '<it> has the unknown task type "teleport".']]);
  });

  it('finds unknown channels', async () => {
    expect(
      await findings(
        'task-type',
        bpmn(inARow(`<bpmn:sendTask id="it">${extensions('<xflow:message channel="pigeon" />')}</bpmn:sendTask>`)),
      ),
    ).toEqual([['it', '<it> sends by the channel "pigeon", and there is no task type "send-pigeon".']]);
  });

  it('finds missing types, and names that every object has', async () => {
    expect(
      await findings(
        'task-type',
        bpmn(
          inARow(
            `<bpmn:serviceTask id="it">${extensions('<xflow:task />')}</bpmn:serviceTask><bpmn:serviceTask id="b">${extensions('<xflow:task type="constructor" />')}</bpmn:serviceTask>`,
          ),
        ),
      ),
    ).toEqual([
      ['it', '<it> has xflow:task without a type.'],
      ['b', '<b> has the unknown task type "constructor".'],
    ]);
  });

  it('accepts shipped types', async () => {
    expect(
      await findings(
        'task-type',
        bpmn(inARow(`<bpmn:serviceTask id="it">${extensions('<xflow:tag add="a" />')}</bpmn:serviceTask>`)),
      ),
    ).toEqual([]);
  });
});
