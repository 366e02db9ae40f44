import { bpmn, extensions } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('unknown-extension', () => {
  it('finds extension elements and attributes', async () => {
    expect(
      await findings(
        'unknown-extension',
        bpmn(
          inARow(
            `<bpmn:task id="it" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:class="com.example.Work">${extensions('<camunda:properties /><acme:robot xmlns:acme="urn:acme" />')}</bpmn:task>`,
          ),
        ),
      ),
    ).toEqual([
      ['it', 'The extension camunda:properties is ignored: it is not part of the xflow language.'],
      ['it', 'The extension acme:robot is ignored: it is not part of the xflow language.'],
      ['it', 'The extension camunda:class is ignored: it is not part of the xflow language.'],
    ]);
  });

  it('accepts xflow', async () => {
    expect(
      await findings(
        'unknown-extension',
        bpmn(inARow(`<bpmn:task id="it">${extensions('<xflow:tag add="a" />')}</bpmn:task>`)),
      ),
    ).toEqual([]);
  });
});
