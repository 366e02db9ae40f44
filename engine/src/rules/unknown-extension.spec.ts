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

  it('finds what is not read where it stands, and parts of what is read', async () => {
    const names = async (element: string) =>
      (await findings('unknown-extension', bpmn(inARow(element)))).map(
        ([, text]) => /extension (.*) is ignored/.exec(text)?.[1],
      );
    const zeebe = (content: string) =>
      extensions(content).replace(
        '<bpmn:extensionElements',
        '<bpmn:extensionElements xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"',
      );
    expect(
      await names(
        `<bpmn:userTask id="it">${zeebe('<zeebe:formDefinition formId="f" bindingType="deployment" /><zeebe:taskHeaders><zeebe:header key="a" value="b" /></zeebe:taskHeaders>')}</bpmn:userTask>`,
      ),
    ).toEqual(['zeebe:formDefinition bindingType', 'zeebe:taskHeaders']);
    expect(
      await names(
        `<bpmn:callActivity id="it" calledElement="other">${zeebe('<camunda:in businessKey="b" /><camunda:in source="a" target="b" />')}</bpmn:callActivity>`,
      ),
    ).toEqual(['camunda:in businessKey']);
    expect(
      await names(
        `<bpmn:userTask id="it">${zeebe('<camunda:formData><camunda:formField id="a" defaultValue="1"><camunda:validation /></camunda:formField></camunda:formData>')}</bpmn:userTask>`,
      ),
    ).toEqual(['camunda:formField defaultValue', 'camunda:validation']);
    expect(await names(`<bpmn:task id="it">${zeebe('<zeebe:formDefinition formId="f" />')}</bpmn:task>`)).toEqual([
      'zeebe:formDefinition',
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
