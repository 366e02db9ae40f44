import type { InstanceChange } from '@xflow/schemas';
import { createServer } from '../src/main/create-server.js';
import { diagram, end, message, process as processOf, receive, sequence, start } from './diagram.js';
import { closeAfterTests } from './open-resources.js';
import { startTestServer, TestApi, type TestServer } from './test-server.js';

/** Reads a stream of server-sent events as a browser does. */
class EventReader {
  private constructor(
    private readonly reader: ReadableStreamDefaultReader<Uint8Array>,
    private readonly abort: AbortController,
  ) {}
  private text = '';

  static async open(url: string): Promise<EventReader> {
    const abort = new AbortController();
    const response = await fetch(url, { signal: abort.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    return new EventReader(response.body!.getReader(), abort);
  }

  /** Data of the next event; null: the stream has ended. */
  async next<T>(): Promise<T | null> {
    for (;;) {
      const end = this.text.indexOf('\n\n');
      if (end >= 0) {
        const event = this.text.slice(0, end);
        this.text = this.text.slice(end + 2);
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data !== undefined) return JSON.parse(data) as T;
        continue;
      }
      const { done, value } = await this.reader.read();
      if (done) return null;
      this.text += Buffer.from(value).toString();
    }
  }

  close(): void {
    this.abort.abort();
  }
}

describe('live streams', () => {
  let server: TestServer;
  /** Another process would not differ: it has a connection, a runner and listeners of its own. */
  let other: TestApi;
  let otherUrl: string;
  beforeAll(async () => {
    server = await startTestServer({ testClock: false });
    const second = await createServer({ databaseUrl: server.database.url, port: 0 });
    closeAfterTests(() => second.close());
    otherUrl = second.url;
    other = new TestApi(second.url);
    await server.api.deploy(
      diagram(message('go', 'go'), processOf('journey', sequence(start, receive('a', 'go'), receive('b', 'go'), end))),
    );
    await server.api.createUsers('ann');
  });

  it('tell where an instance stands, whoever moves it, and end with it', async () => {
    const id = await server.api.start('journey', 'ann');
    const reader = await EventReader.open(`${otherUrl}/api/instances/${id}/live`);
    const first = await reader.next<InstanceChange>();
    expect(first).toEqual({
      id,
      revision: 1,
      status: 'active',
      waitingAt: ['a'],
      openIncidents: 0,
      suspended: false,
    });
    await server.api.publish('go', 'ann');
    let change = await reader.next<InstanceChange>();
    expect([change?.revision, change?.waitingAt]).toEqual([2, ['b']]);
    await other.publish('go', 'ann');
    change = await reader.next<InstanceChange>();
    expect([change?.revision, change?.status]).toEqual([3, 'completed']);
    expect(await reader.next()).toBeNull();
  });

  it('tell of an instance that has ended already, and refuse one that does not exist', async () => {
    const id = await server.api.start('journey', 'ann');
    await server.api.publish('go', 'ann');
    await server.api.publish('go', 'ann');
    const reader = await EventReader.open(`${server.url}/api/instances/${id}/live`);
    let last: InstanceChange | null = null;
    for (let change = await reader.next<InstanceChange>(); change; change = await reader.next()) last = change;
    expect(last?.status).toBe('completed');
    const again = await EventReader.open(`${server.url}/api/instances/${id}/live`);
    expect(await again.next()).toEqual(last);
    expect(await again.next()).toBeNull();
    expect((await server.api.refused('GET', '/instances/nobody/live')).detail).toContain('no instance "nobody"');
  });

  it('tell that instances of a workflow have moved', async () => {
    const reader = await EventReader.open(`${otherUrl}/api/workflows/journey/live`);
    await server.api.start('journey', 'ann');
    expect(await reader.next()).toEqual({ key: 'journey' });
    reader.close();
  });
});
