import { jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { diagram, end, message, process, receive, sequence, start, wait } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

describe('a server at rest', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ testClock: false });
    const { api } = server;
    await api.deploy(diagram(process('timer', sequence(start, wait('three-days', 'P3D'), end))));
    await api.deploy(diagram(message('m', 'm'), process('message', sequence(start, receive('catch', 'm'), end))));
    await api.createUsers('ann');
    await api.start('timer', 'ann');
    await api.start('message', 'ann');
  });

  it('asks the database nothing while instances wait for timers and messages', async () => {
    const settled = Date.now() + 200;
    const texts: unknown[] = [];
    const query = jest.spyOn(Client.prototype, 'query').mockImplementation(function (this: Client, ...args: unknown[]) {
      if (Date.now() > settled) texts.push(args[0]);
      return (original as (...all: unknown[]) => unknown).apply(this, args) as never;
    });
    await sleep(700);
    query.mockRestore();
    expect(texts).toEqual([]);
  });
});
const original = Client.prototype.query;
