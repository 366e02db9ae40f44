import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { xflow } from './xflow.js';

const diagram = (body: string, drawn = '') => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
    xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="d" targetNamespace="urn:test">
  <bpmn:process id="p" isExecutable="true">${body}</bpmn:process>
  <bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plane" bpmnElement="p">${drawn}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>`;
const event = (id: string, x: number) =>
  `<bpmndi:BPMNShape id="${id}_di" bpmnElement="${id}"><dc:Bounds x="${x}" y="100" width="36" height="36"/></bpmndi:BPMNShape>`;
const sound = diagram(
  '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="e"/>',
  `${event('s', 100)}${event('e', 200)}<bpmndi:BPMNEdge id="f_di" bpmnElement="f"><di:waypoint x="136" y="118"/><di:waypoint x="200" y="118"/></bpmndi:BPMNEdge>`,
);
const dangling = diagram('<bpmn:startEvent id="s"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="nowhere"/>');

describe('xflow', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'xflow-cli-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function run(args: readonly string[], env: Record<string, string> = {}) {
    const out: string[] = [];
    const err: string[] = [];
    const code = await xflow(args, {
      out: (line) => out.push(line),
      err: (line) => err.push(line),
      isInteractive: false,
      env,
      cwd: folder,
    });
    return { code, out: out.join('\n'), err: err.join('\n') };
  }

  it('lists its commands', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    for (const command of ['serve', 'deploy', 'publish', 'start', 'lint', 'simulate', 'import'])
      expect(out).toContain(command);
  });

  it.each([
    [['fly'], "unknown command 'fly'"],
    [['start', 'vip-upgrade'], "required option '--user <id>'"],
    [['start', 'w', '--user', 'u', '--wait', 'long'], 'Give a whole number from 0 to 60.'],
    [['start', 'w', '--user', 'u', '--variables', '[1]'], '--variables is not a JSON object: [1].'],
    [['start', 'w', '--user', 'u', '--url', 'here'], '"here" is not the address of a server.'],
    [['import', 'orders.csv', '--mapping', 'gone.json'], 'gone.json cannot be read: it does not exist.'],
    [['deploy', 'gone'], 'gone does not exist.'],
    [['publish', 'w', 'newest'], 'Give a whole number from 1 to 2147483647.'],
  ])('says what is wrong with %j, and exits with 2', async (args, sentence) => {
    const { code, err } = await run(args);
    expect(err).toContain(sentence);
    expect(code).toBe(2);
  });

  it('says how to start a server when none answers, and exits with 3', async () => {
    const port = await freePort();
    const { code, err } = await run(['start', 'w', '--user', 'u'], { XFLOW_URL: `http://127.0.0.1:${port}` });
    expect(err).toBe(
      `No server answers at http://127.0.0.1:${port} (connection refused). Start one with \`npx xflow serve\`, or name another with --url or XFLOW_URL.`,
    );
    expect(code).toBe(3);
  });

  describe('lint', () => {
    it('is silent about a sound diagram', async () => {
      await writeFile(join(folder, 'sound.bpmn'), sound);
      expect(await run(['lint', 'sound.bpmn'])).toEqual({ code: 0, out: '', err: '' });
    });

    it('prints a line a problem and exits with 1', async () => {
      await writeFile(join(folder, 'sound.bpmn'), sound);
      await writeFile(join(folder, 'dangling.bpmn'), dangling);
      const { code, out, err } = await run(['lint', 'sound.bpmn', 'dangling.bpmn']);
      expect(out).toMatch(/^dangling\.bpmn: error [a-z-]+ .*nowhere/m);
      expect(err).toBe('');
      expect(code).toBe(1);
    });

    it('prints JSON when asked to', async () => {
      await writeFile(join(folder, 'dangling.bpmn'), dangling);
      const { out } = await run(['lint', 'dangling.bpmn', '--json']);
      expect(JSON.parse(out)).toContainEqual(expect.objectContaining({ file: 'dangling.bpmn', level: 'error' }));
    });
  });

  describe('lint --analyse', () => {
    const stuck = diagram(
      `<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="x" default="f2"/><bpmn:parallelGateway id="join"/><bpmn:endEvent id="e"/>
       <bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="x"/><bpmn:sequenceFlow id="f2" sourceRef="x" targetRef="join"/>
       <bpmn:sequenceFlow id="f3" sourceRef="x" targetRef="join"><bpmn:conditionExpression>=big</bpmn:conditionExpression></bpmn:sequenceFlow>
       <bpmn:sequenceFlow id="f4" sourceRef="join" targetRef="e"/>`,
    );

    it('tells what can go wrong, and the way to it', async () => {
      await writeFile(join(folder, 'stuck.bpmn'), stuck);
      const { code, out, err } = await run(['lint', 'stuck.bpmn', '--analyse']);
      expect(out).toMatch(/^stuck\.bpmn: error join-never-complete join: .*\n {2}start s, choose f3 at x$/m);
      expect(err).toContain('stuck.bpmn: analysed "p" in 3 states, which are all there are: 2 findings.');
      expect(code).toBe(1);
    });

    it('says when it has not seen everything', async () => {
      await writeFile(join(folder, 'stuck.bpmn'), stuck);
      const { err } = await run(['lint', 'stuck.bpmn', '--analyse', '--max-states', '1']);
      expect(err).toContain('The bound of 1 states was reached');
      expect(err).not.toContain('all there are');
    });
  });

  describe('simulate', () => {
    const scenario = {
      now: '2026-01-05T09:00:00Z',
      seed: 'test',
      users: [{ id: 'ada' }],
      steps: [{ start: { user: 'ada' } }],
      expect: [{ user: 'ada', status: 'completed', passed: ['s', 'e'] }],
    };
    const simulate = async (given: object) => {
      await writeFile(join(folder, 'sound.bpmn'), sound);
      await writeFile(join(folder, 'scenario.json'), JSON.stringify(given));
      return run(['simulate', 'sound.bpmn', '--scenario', 'scenario.json']);
    };

    it('prints the trace, a record a line', async () => {
      const { code, out, err } = await simulate(scenario);
      const records = out.split('\n').map((line) => JSON.parse(line) as { event: { kind: string } });
      expect(records.map(({ event }) => event.kind)).toContain('instance-ended');
      expect(records[0]).toMatchObject({ at: '2026-01-05T09:00:00.000Z', user: 'ada' });
      expect(err).toBe('');
      expect(code).toBe(0);
    });

    it('says what did not come about, and exits with 1', async () => {
      const { code, out, err } = await simulate({ ...scenario, expect: [{ user: 'ada', stage: 'Revenue' }] });
      expect(out).not.toBe('');
      expect(err).toBe('User "ada": expected stage "Revenue", found null.');
      expect(code).toBe(1);
    });

    it('reads the further diagrams of a scenario from beside it', async () => {
      await writeFile(join(folder, 'dangling.bpmn'), dangling);
      const { code, err } = await simulate({ ...scenario, workflows: ['dangling.bpmn'] });
      expect(err).toMatch(/dangling\.bpmn: error /);
      expect(code).toBe(1);
    });
  });
});

/** A port where nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
