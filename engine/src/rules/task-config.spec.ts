import { bpmn, extensions } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('task-config', () => {
  it('finds what is missing', async () => {
    expect(
      await findings(
        'task-config',
        bpmn(inARow(`<bpmn:sendTask id="it">${extensions('<xflow:message channel="email" />')}</bpmn:sendTask>`)),
      ),
    ).toEqual([['it', '<it>: The configuration of send-email lacks "template".']]);
  });

  it('finds wrong constants beside expressions', async () => {
    expect(
      await findings(
        'task-config',
        bpmn(
          inARow(
            `<bpmn:serviceTask id="it">${extensions('<xflow:tierUpgrade ladder="=ladder" mode="sideways" />')}</bpmn:serviceTask>`,
          ),
        ),
      ),
    ).toEqual([
      [
        'it',
        '<it>: The configuration of tier-upgrade is wrong at "mode": Instance does not match any of ["upgrade","evaluate"].',
      ],
    ]);
  });

  it('finds unknown entries', async () => {
    expect(
      await findings(
        'task-config',
        bpmn(
          inARow(
            `<bpmn:serviceTask id="it">${extensions('<xflow:task type="http-call"><xflow:input name="url" value="https://shop.example" /><xflow:input name="verb" value="GET" /></xflow:task>')}</bpmn:serviceTask>`,
          ),
        ),
      ),
    ).toEqual([
      ['it', '<it>: The configuration of http-call has no entry "verb"; it knows url, method, headers, body.'],
    ]);
  });

  it('accepts what the schema allows', async () => {
    expect(
      await findings(
        'task-config',
        bpmn(
          inARow(
            `<bpmn:serviceTask id="it">${extensions('<xflow:task type="http-call"><xflow:input name="url" value="https://shop.example" /><xflow:input name="headers" value="{&quot;a&quot;: &quot;b&quot;}" /></xflow:task>')}</bpmn:serviceTask>`,
          ),
        ),
      ),
    ).toEqual([]);
  });
});
