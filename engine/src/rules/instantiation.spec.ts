import { bpmn, flow, message, onMessage, timer } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

const caught = (id: string, definition = onMessage('ping')) =>
  `<bpmn:intermediateCatchEvent id="${id}">${definition}</bpmn:intermediateCatchEvent>`;
const inFile = (nodes: string, flows: readonly string[]) => bpmn(nodes, flows, message('ping'));

describe('instantiation', () => {
  it('finds what begins instances where nothing can begin', async () => {
    expect(
      await findings(
        'instantiation',
        inFile(
          `<bpmn:startEvent id="s" /><bpmn:receiveTask id="a" instantiate="true" messageRef="message_ping" />
           <bpmn:subProcess id="sub"><bpmn:receiveTask id="b" instantiate="true" messageRef="message_ping" /></bpmn:subProcess>`,
          ['f: s -> a', 'g: a -> sub'],
        ),
      ),
    ).toEqual([
      ['a', '<a> begins instances, and a sequence flow leads to it.'],
      ['b', '<b> begins instances, and it is inside of a subprocess.'],
    ]);
  });

  it('finds parallel gateways that begin nothing, and timers behind those that do', async () => {
    expect(
      await findings(
        'instantiation',
        inFile(
          `<bpmn:eventBasedGateway id="g" instantiate="true" />${caught('a')}${caught('t', timer('P1D'))}
           <bpmn:subProcess id="sub"><bpmn:eventBasedGateway id="h" eventGatewayType="Parallel" />${caught('b')}${caught('c')}${flow('x: h -> b')}${flow('y: h -> c')}</bpmn:subProcess>`,
          ['f1: g -> a', 'f2: g -> t', 'f3: a -> sub'],
        ),
      ),
    ).toEqual([
      ['t', '<t> is a timer behind <g>, which begins instances by messages.'],
      ['h', '<h> waits for all events behind it, which only a gateway that begins instances can.'],
    ]);
  });

  it('accepts gateways and receive tasks at the start', async () => {
    expect(
      await findings(
        'instantiation',
        inFile(
          `<bpmn:eventBasedGateway id="g" instantiate="true" eventGatewayType="Parallel" />${caught('a')}${caught('b')}<bpmn:receiveTask id="r" instantiate="true" messageRef="message_ping" />`,
          ['f1: g -> a', 'f2: g -> b'],
        ),
      ),
    ).toEqual([]);
  });
});
