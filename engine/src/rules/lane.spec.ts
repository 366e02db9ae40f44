import { bpmn } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

const lane = (id: string, nodes: readonly string[], inner = '') =>
  `<bpmn:lane id="${id}">${nodes.map((node) => `<bpmn:flowNodeRef>${node}</bpmn:flowNodeRef>`).join('')}${inner}</bpmn:lane>`;
const withLanes = (lanes: string, more = '') =>
  bpmn(
    `<bpmn:laneSet id="set">${lanes}</bpmn:laneSet>${more}<bpmn:task id="a" /><bpmn:subProcess id="sub"><bpmn:task id="b" /></bpmn:subProcess>`,
    [],
    '<bpmn:process id="other"><bpmn:task id="x" /></bpmn:process>',
  );

describe('lane', () => {
  it('finds nodes of another process, and what is no node', async () => {
    expect(await findings('lane', withLanes(lane('l', ['a', 'x'])))).toEqual([
      ['l', 'Lane <l> contains <x>, which is no element of "Journey" <journey>.'],
    ]);
    expect(await findings('lane', withLanes(lane('l', ['a', 'other'])))).toEqual([
      ['l', 'Lane <l> contains <other>, which is no element of "Journey" <journey>.'],
    ]);
  });

  it('finds a node in two lanes of one set', async () => {
    expect(await findings('lane', withLanes(lane('l', ['a']) + lane('m', ['a'])))).toEqual([
      ['a', '<a> is in lane <l> and in lane <m> of the same set, and only the first counts.'],
    ]);
  });

  it('accepts lanes in lanes that both name the node, nodes of subprocesses, and two sets', async () => {
    const inner = `<bpmn:childLaneSet id="inner">${lane('m', ['a', 'b'])}</bpmn:childLaneSet>`;
    expect(
      await findings(
        'lane',
        withLanes(lane('l', ['a', 'sub'], inner), `<bpmn:laneSet id="set2">${lane('n', ['a'])}</bpmn:laneSet>`),
      ),
    ).toEqual([]);
  });
});
