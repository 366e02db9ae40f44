import { bpmn, flow } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

const link = (name: string) => `<bpmn:linkEventDefinition${name === '' ? '' : ` name="${name}"`} />`;
const throwing = (id: string, name: string) =>
  `<bpmn:intermediateThrowEvent id="${id}">${link(name)}</bpmn:intermediateThrowEvent>`;
const catching = (id: string, name: string) =>
  `<bpmn:intermediateCatchEvent id="${id}">${link(name)}</bpmn:intermediateCatchEvent>`;
const start = '<bpmn:startEvent id="s" /><bpmn:task id="t" />';

describe('link', () => {
  it('finds links that lead nowhere, also because what they lead to is in another scope', async () => {
    expect(
      await findings(
        'link',
        bpmn(
          `${start}${throwing('a', 'on')}${throwing('b', 'in')}<bpmn:subProcess id="sub"><bpmn:task id="x" />${catching('in', 'in')}${flow('g: in -> x')}</bpmn:subProcess>`,
          ['f1: s -> a', 'f2: s -> b', 'f3: s -> sub'],
        ),
      ),
    ).toEqual([
      ['a', 'Link throw event <a> leads to "on", and no link catch event has this name.'],
      [
        'b',
        'Link throw event <b> leads to "in", which is caught by <in> in <sub>: a link stays within its process or subprocess.',
      ],
    ]);
  });

  it('finds two catch events of one name, and links without a name', async () => {
    expect(
      await findings(
        'link',
        bpmn(
          `${start}${throwing('a', 'on')}${throwing('n', '')}${catching('c1', 'on')}${catching('c2', 'on')}${catching('c3', '')}`,
          ['f1: s -> a', 'f2: s -> n', 'f3: c1 -> t', 'f4: c2 -> t', 'f5: c3 -> t'],
        ),
      ),
    ).toEqual([
      ['n', 'Link throw event <n> has a link without a name, so nobody can say where it leads.'],
      ['c2', 'Link catch event <c2> catches "on", as <c1> does, so nobody can say where the link leads.'],
      ['c3', 'Link catch event <c3> has a link without a name, so nothing can lead to it.'],
    ]);
  });

  it('finds sequence flows where the link is one', async () => {
    expect(
      await findings(
        'link',
        bpmn(`${start}${throwing('a', 'on')}${catching('on', 'on')}`, [
          'f1: s -> a',
          'f2: a -> t',
          'f3: s -> on',
          'f4: on -> t',
        ]),
      ),
    ).toEqual([
      ['a', 'Link throw event <a> has the outgoing sequence flow <f2>, and its link leads on already.'],
      ['on', 'Link catch event <on> has the incoming sequence flow <f3>, and is reached by its link alone.'],
    ]);
  });

  it('accepts one that many throw, and the same name in another scope', async () => {
    expect(
      await findings(
        'link',
        bpmn(
          `${start}${throwing('a', 'on')}${throwing('b', 'on')}${catching('on', 'on')}
           <bpmn:subProcess id="sub"><bpmn:startEvent id="is" />${throwing('ia', 'on')}${catching('ion', 'on')}<bpmn:task id="x" />${flow('g: is -> ia')}${flow('h: ion -> x')}</bpmn:subProcess>`,
          ['f1: s -> a', 'f2: s -> b', 'f3: on -> t', 'f4: t -> sub'],
        ),
      ),
    ).toEqual([]);
  });
});
