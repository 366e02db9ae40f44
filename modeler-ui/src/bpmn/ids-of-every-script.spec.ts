import { BpmnModdle } from 'bpmn-moddle';
import { readIdsOfEveryScript } from './ids-of-every-script.js';
import { childrenOf } from './moddle.js';

const file = (content: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="file" targetNamespace="urn:test"><bpmn:process id="流程">${content}</bpmn:process></bpmn:definitions>`;

function reader(): BpmnModdle {
  const moddle = new BpmnModdle({});
  readIdsOfEveryScript(moddle);
  return moddle;
}

describe('readIdsOfEveryScript', () => {
  it('keeps elements whose ids have letters of any script, and what refers to them', async () => {
    const xml = file(
      '<bpmn:startEvent id="开始" /><bpmn:task id="réservé" /><bpmn:sequenceFlow id="поток" sourceRef="开始" targetRef="réservé" />',
    );
    const moddle = reader();
    const { rootElement, elementsById, warnings } = await moddle.fromXML(xml);
    const [process] = childrenOf(rootElement, 'rootElements');
    expect([warnings, childrenOf(process, 'flowElements').map(({ id }) => id)]).toEqual([
      [],
      ['开始', 'réservé', 'поток'],
    ]);
    expect(elementsById['поток']?.['sourceRef']).toBe(elementsById['开始']);
    expect((await moddle.toXML(rootElement)).xml).toContain('<bpmn:startEvent id="开始" />');
  });

  it.each(['<bpmn:task id="1 a" />', '<bpmn:task id="a" /><bpmn:task id="a" />'])(
    'still warns of %s',
    async (content) => {
      expect((await reader().fromXML(file(content))).warnings).toHaveLength(1);
    },
  );
});
