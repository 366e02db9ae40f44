import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { KafkaGroup } from './kafka-group.js';
import { Reader, Writer, type Answer } from './kafka-protocol.js';
import { closeAfterTests } from './open-resources.js';

/** Kinds of requests, and the newest version of each that the broker knows. Clients choose by it. */
const newestVersions = new Map([
  [0, 3], // Produce
  [1, 4], // Fetch
  [2, 1], // ListOffsets
  [3, 1], // Metadata
  [8, 2], // OffsetCommit
  [9, 1], // OffsetFetch
  [10, 0], // FindCoordinator
  [11, 1], // JoinGroup
  [12, 0], // Heartbeat
  [13, 0], // LeaveGroup
  [14, 0], // SyncGroup
  [18, 0], // ApiVersions
]);
const unsupportedVersion = 35;
const newTopic = -1n;

interface Batch {
  readonly offset: bigint;
  readonly records: number;
  readonly bytes: Buffer;
}
/**
 * One broker of Kafka, as far as a producer and the members of consumer groups need one: it speaks the protocol over TCP, keeps the records in memory,
 * and has every topic that it is asked for, with two partitions. It is no Kafka: a member is gone with its connection, and nothing is replicated.
 */
export class KafkaBroker {
  private readonly logs = new Map<string, Batch[]>();
  private readonly groups = new Map<string, KafkaGroup>();
  private readonly sockets = new Map<Socket, string>();
  private readonly watchers = new Set<() => void>();
  private sent = '';

  private constructor(private readonly server: Server) {}

  static async start(): Promise<KafkaBroker> {
    const server = createServer((socket) => broker.serve(socket));
    const broker = new KafkaBroker(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closeAfterTests(async () => {
      broker.cut();
      await new Promise((resolve) => server.close(resolve));
    });
    return broker;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  private get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Resets the connections of clients of this name, or all; new ones are let through. */
  cut(client?: string): void {
    for (const [socket, name] of this.sockets) if (client === undefined || client === name) socket.resetAndDestroy();
  }

  /** Resolves when a record that holds this text was delivered. */
  async delivered(text: string): Promise<void> {
    await this.until(() => this.sent.includes(text));
  }

  /** How many records of the topic the group has not committed. */
  uncommitted(groupId: string, topic: string): number {
    return [0, 1]
      .map((partition) =>
        Number(this.end(topic, partition) - (this.groups.get(groupId)?.offsets.get(`${topic} ${partition}`) ?? 0n)),
      )
      .reduce((sum, count) => sum + count, 0);
  }

  /** Resolves when the group has committed all records of the topic. */
  async committed(groupId: string, topic: string): Promise<void> {
    await this.until(() => this.uncommitted(groupId, topic) === 0);
  }

  private async until(condition: () => boolean): Promise<void> {
    while (!condition())
      await new Promise<void>((resolve) => {
        const watcher = (): void => {
          this.watchers.delete(watcher);
          resolve();
        };
        this.watchers.add(watcher);
      });
  }

  private changed(): void {
    for (const watcher of [...this.watchers]) watcher();
  }

  private serve(socket: Socket): void {
    this.sockets.set(socket, '');
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.sockets.delete(socket);
      for (const group of this.groups.values()) group.forget(socket);
    });
    let waiting = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      waiting = Buffer.concat([waiting, chunk]);
      while (waiting.length >= 4 && waiting.length >= 4 + waiting.readInt32BE()) {
        const end = 4 + waiting.readInt32BE();
        this.receive(socket, new Reader(waiting.subarray(4, end)));
        waiting = waiting.subarray(end);
      }
    });
  }

  private receive(socket: Socket, request: Reader): void {
    const [kind, version, correlation] = [request.int16(), request.int16(), request.int32()];
    this.sockets.set(socket, request.text());
    const newest = newestVersions.get(kind);
    const known = newest !== undefined && version <= newest;
    const answer = known
      ? this.answer(kind, version, request, socket)
      : new Writer().int16(unsupportedVersion).list([], () => undefined).bytes;
    void Promise.resolve(answer).then((body) => {
      if (body.length > 0)
        socket.write(
          new Writer()
            .int32(4 + body.length)
            .int32(correlation)
            .raw(body).bytes,
        );
    });
  }

  private answer(kind: number, version: number, request: Reader, socket: Socket): Answer {
    switch (kind) {
      case 0:
        return this.produce(request);
      case 1:
        return this.fetch(request);
      case 2:
        return this.listOffsets(request);
      case 3:
        return this.metadata(request);
      case 8:
        return this.commitOffsets(request);
      case 9:
        return this.group(request.text()).fetchOffsets(request);
      case 10:
        return new Writer().int16(0).int32(0).text('127.0.0.1').int32(this.port).bytes;
      case 11:
        return this.group(request.text()).join(request, version, socket);
      case 12:
        return this.group(request.text()).heartbeat(request);
      case 13:
        this.group(request.text()).leave(request.text());
        return new Writer().int16(0).bytes;
      case 14:
        return this.group(request.text()).sync(request);
      default:
        return new Writer()
          .int16(0)
          .list([...newestVersions], (to, [known, newest]) => to.int16(known).int16(0).int16(newest)).bytes;
    }
  }

  private metadata(request: Reader): Buffer {
    const topics = request.list(() => request.text());
    return new Writer()
      .list([0], (to) => to.int32(0).text('127.0.0.1').int32(this.port).text(null))
      .int32(0)
      .list(topics, (to, topic) =>
        to
          .int16(0)
          .text(topic)
          .int8(0)
          .list([0, 1], (of, partition) =>
            of
              .int16(0)
              .int32(partition)
              .int32(0)
              .list([0], (w) => w.int32(0))
              .list([0], (w) => w.int32(0)),
          ),
      ).bytes;
  }

  private produce(request: Reader): Buffer {
    request.text();
    const acks = request.int16();
    request.int32();
    const topics = request.list(() => ({
      topic: request.text(),
      partitions: request.list(() => {
        const partition = request.int32();
        return { partition, bytes: request.buffer() };
      }),
    }));
    const answer = new Writer().list(topics, (to, { topic, partitions }) =>
      to.text(topic).list(partitions, (of, { partition, bytes }) => {
        of.int32(partition)
          .int16(0)
          .int64(this.append(topic, partition, bytes))
          .int64(newTopic);
      }),
    );
    this.changed();
    return acks === 0 ? Buffer.alloc(0) : answer.int32(0).bytes;
  }

  /** A batch of records (format 2) is kept as it came, but for its first offset, which its checksum leaves out. */
  private append(topic: string, partition: number, bytes: Buffer): bigint {
    const offset = this.end(topic, partition);
    const stored = Buffer.from(bytes);
    stored.writeBigInt64BE(offset);
    this.log(topic, partition).push({ offset, records: stored.readInt32BE(57), bytes: stored });
    return offset;
  }

  private async fetch(request: Reader): Promise<Buffer> {
    request.int32();
    const [longestWait, , most] = [request.int32(), request.int32(), request.int32(), request.int8()];
    const wanted = request.list(() => ({
      topic: request.text(),
      partitions: request.list(() => ({ partition: request.int32(), offset: request.int64(), most: request.int32() })),
    }));
    const isThere = (): boolean =>
      wanted.some(({ topic, partitions }) =>
        partitions.some(({ partition, offset }) => offset < this.end(topic, partition)),
      );
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, longestWait).unref()));
    await Promise.race([late, this.until(isThere)]);
    clearTimeout(timer);
    let room = most;
    return new Writer().int32(0).list(wanted, (to, { topic, partitions }) =>
      to.text(topic).list(partitions, (of, { partition, offset }) => {
        const found: Buffer[] = [];
        for (const batch of this.log(topic, partition)) {
          if (batch.offset + BigInt(batch.records) <= offset) continue;
          if (room < batch.bytes.length && room < most) break;
          room -= batch.bytes.length;
          found.push(batch.bytes);
        }
        const bytes = Buffer.concat(found);
        this.sent += bytes.toString('latin1');
        this.changed();
        const end = this.end(topic, partition);
        of.int32(partition)
          .int16(0)
          .int64(end)
          .int64(end)
          .list([], () => undefined)
          .buffer(bytes);
      }),
    ).bytes;
  }

  private listOffsets(request: Reader): Buffer {
    request.int32();
    const topics = request.list(() => ({
      topic: request.text(),
      partitions: request.list(() => ({ partition: request.int32(), time: request.int64() })),
    }));
    return new Writer().list(topics, (to, { topic, partitions }) =>
      to.text(topic).list(partitions, (of, { partition, time }) => {
        of.int32(partition)
          .int16(0)
          .int64(-1n)
          .int64(time === -1n ? this.end(topic, partition) : 0n);
      }),
    ).bytes;
  }

  private commitOffsets(request: Reader): Buffer {
    const answer = this.group(request.text()).commitOffsets(request);
    this.changed();
    return answer;
  }

  private group(id: string): KafkaGroup {
    const group = this.groups.get(id) ?? new KafkaGroup(id);
    this.groups.set(id, group);
    return group;
  }

  private log(topic: string, partition: number): Batch[] {
    const name = `${topic} ${partition}`;
    const log = this.logs.get(name) ?? [];
    this.logs.set(name, log);
    return log;
  }

  private end(topic: string, partition: number): bigint {
    const last = this.log(topic, partition).at(-1);
    return last === undefined ? 0n : last.offset + BigInt(last.records);
  }
}
