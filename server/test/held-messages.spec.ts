import { diagram, end, message, process } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

/** Takes message after message, in a loop; `count` tells how many, and `order` in which order. */
const loop = diagram(
  message('ping', 'ping'),
  process(
    'pings',
    `<bpmn:startEvent id="start"/>
     <bpmn:exclusiveGateway id="again" default="to-ping"/>
     <bpmn:intermediateCatchEvent id="receive"><bpmn:messageEventDefinition messageRef="ping"/></bpmn:intermediateCatchEvent>
     <bpmn:scriptTask id="add" scriptFormat="javascript"><bpmn:script>return { order: [...order, number] }</bpmn:script></bpmn:scriptTask>
     ${end}
     <bpmn:sequenceFlow id="a" sourceRef="start" targetRef="again"/>
     <bpmn:sequenceFlow id="to-ping" sourceRef="again" targetRef="receive"/>
     <bpmn:sequenceFlow id="b" sourceRef="receive" targetRef="add"/>
     <bpmn:sequenceFlow id="c" sourceRef="add" targetRef="again"/>
     <bpmn:sequenceFlow id="enough" sourceRef="again" targetRef="end">
       <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=count(order) &gt;= most</bpmn:conditionExpression></bpmn:sequenceFlow>`,
  ),
);

describe('messages that come for a suspended instance which loops', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await server.api.deploy(loop);
  });

  /** Publishes so many messages to a suspended instance of its own, and resumes it; returns its id. */
  const resumeWith = async (user: string, messages: number, most = messages): Promise<string> => {
    const { api } = server;
    await api.createUsers(user);
    const id = await api.start('pings', user, { order: [], most });
    await api.ok('POST', `/instances/${id}/suspend`);
    for (let number = 0; number < messages; number++) await api.publish('ping', user, { variables: { number } });
    await api.rest();
    await api.ok('POST', `/instances/${id}/resume`);
    await api.rest();
    return id;
  };
  /** Batches that moved the instance. */
  const rounds = async (id: string): Promise<number> =>
    (await server.database.pool.query('SELECT FROM history WHERE instance_id = $1', [id])).rowCount!;

  it('are all taken, in their order, in as many rounds as one is', async () => {
    const one = await resumeWith('ann', 1);
    const many = await resumeWith('bob', 40);
    expect(await server.api.status(many)).toMatchObject({
      status: 'completed',
      variables: { order: Array.from({ length: 40 }, (_, number) => number) },
    });
    expect(await rounds(many)).toBe(await rounds(one));
  });

  it('wait for others where the instance takes no more of them', async () => {
    const id = await resumeWith('cid', 5, 3);
    expect(await server.api.status(id)).toMatchObject({ status: 'completed', variables: { order: [0, 1, 2] } });
    const next = await server.api.start('pings', 'cid', { order: [], most: 2 });
    await server.api.rest();
    expect(await server.api.status(next)).toMatchObject({ status: 'completed', variables: { order: [3, 4] } });
  });
});
