import { bpmn } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

const task = (associations: string) =>
  bpmn(
    `<bpmn:dataObject id="do" name="order" /><bpmn:dataObjectReference id="order" dataObjectRef="do" /><bpmn:dataObjectReference id="again" dataObjectRef="do" />
     <bpmn:dataStoreReference id="crm" name="CRM" />
     <bpmn:task id="a"><bpmn:ioSpecification><bpmn:dataInput id="in" name="in" /><bpmn:inputSet /><bpmn:outputSet /></bpmn:ioSpecification>${associations}</bpmn:task>`,
  );
const into = (sources: readonly string[], target: string, more = '') =>
  `<bpmn:dataInputAssociation>${sources.map((id) => `<bpmn:sourceRef>${id}</bpmn:sourceRef>`).join('')}${target === '' ? '' : `<bpmn:targetRef>${target}</bpmn:targetRef>`}${more}</bpmn:dataInputAssociation>`;

describe('data-association', () => {
  it('finds stores, associations to nothing, and sources that nothing is made of', async () => {
    expect(
      (
        await findings(
          'data-association',
          task(into(['crm'], 'in') + into(['order'], '') + into(['order', 'again'], 'in')),
        )
      ).map(([, text]) => text),
    ).toEqual([
      'A data association of <a> reads or fills the data store "CRM" <crm>, which outlives instances: nothing is copied.',
      'A data association of <a> takes <order> nowhere.',
      'A data association of <a> has 2 sources and does not say what becomes of them, so only <order> is copied.',
    ]);
  });

  it('accepts copies, transformations, and what is only drawn', async () => {
    const transformation = '<bpmn:transformation>order</bpmn:transformation>';
    expect(
      await findings(
        'data-association',
        task(
          `${into(['order'], 'in')}${into(['order', 'again'], 'in', transformation)}<bpmn:dataOutputAssociation><bpmn:targetRef>order</bpmn:targetRef></bpmn:dataOutputAssociation>`,
        ),
      ),
    ).toEqual([]);
  });
});
