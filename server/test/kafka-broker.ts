import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { closeAfterTests } from './open-resources.js';

/** What a request of Kafka's protocol is answered with, beside its header. */
type Answer = Buffer | Promise<Buffer>;

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
const unknownMember = 25;
const rebalancing = 27;
const unsupportedVersion = 35;
const newTopic = -1n;

interface Batch {
  readonly offset: bigint;
  readonly records: number;
  readonly bytes: Buffer;
}
interface Member {
  readonly socket: Socket;
  protocols: readonly { readonly name: string; readonly metadata: Buffer }[];
  /** Waits for the others to join, too. */
  joined: ((answer: Buffer) => void) | null;
  synced: ((answer: Buffer) => void) | null;
}
class Group {
  generation = 0;
  readonly members = new Map<string, Member>();
  assignments: ReadonlyMap<string, Buffer> | null = null;
  stable = false;
  readonly offsets = new Map<string, bigint>();
}

/**
 * One broker of Kafka, as far as a producer and the members of consumer groups need one: it speaks the protocol over TCP, keeps the records in memory,
 * and has every topic that it is asked for, with two partitions. It is no Kafka: a member is gone with its connection, and nothing is replicated.
 */
export class KafkaBroker {
  private readonly logs = new Map<string, Batch[]>();
  private readonly groups = new Map<string, Group>();
  private readonly sockets = new Map<Socket, string>();
  private readonly watchers = new Set<() => void>();
  private sent = '';
  private members = 0;

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
      for (const group of this.groups.values())
        for (const [id, member] of group.members) if (member.socket === socket) this.leave(group, id);
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
        return this.fetchOffsets(request);
      case 10:
        return new Writer().int16(0).int32(0).text('127.0.0.1').int32(this.port).bytes;
      case 11:
        return this.join(request, version, socket);
      case 12:
        return this.heartbeat(request);
      case 13:
        this.leave(this.group(request.text()), request.text());
        return new Writer().int16(0).bytes;
      case 14:
        return this.sync(request);
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
    const group = this.group(request.text());
    const [generation, member] = [request.int32(), request.text(), request.int64()];
    const error = generation === group.generation && group.members.has(member) ? 0 : unknownMember;
    const topics = request.list(() => ({
      topic: request.text(),
      partitions: request.list(() => ({
        partition: request.int32(),
        offset: request.int64(),
        metadata: request.text(),
      })),
    }));
    const answer = new Writer().list(topics, (to, { topic, partitions }) =>
      to.text(topic).list(partitions, (of, { partition, offset }) => {
        if (error === 0) group.offsets.set(`${topic} ${partition}`, offset);
        of.int32(partition).int16(error);
      }),
    ).bytes;
    this.changed();
    return answer;
  }

  private fetchOffsets(request: Reader): Buffer {
    const group = this.group(request.text());
    const topics = request.list(() => ({ topic: request.text(), partitions: request.list(() => request.int32()) }));
    return new Writer().list(topics, (to, { topic, partitions }) =>
      to.text(topic).list(partitions, (of, partition) =>
        of
          .int32(partition)
          .int64(group.offsets.get(`${topic} ${partition}`) ?? -1n)
          .text('')
          .int16(0),
      ),
    ).bytes;
  }

  private join(request: Reader, version: number, socket: Socket): Answer {
    const group = this.group(request.text());
    request.int32();
    if (version > 0) request.int32();
    const given = request.text();
    request.text();
    const protocols = request.list(() => ({ name: request.text(), metadata: request.buffer() }));
    if (given !== '' && !group.members.has(given))
      return new Writer()
        .int16(unknownMember)
        .int32(0)
        .text('')
        .text('')
        .text('')
        .list([], () => undefined).bytes;
    const id = given === '' ? `member-${(this.members += 1)}` : given;
    return new Promise((joined) => {
      group.members.set(id, { socket, protocols, joined, synced: null });
      group.stable = false;
      this.formGroup(group);
    });
  }

  /** When all members have joined, the first of them is told to assign the partitions. */
  private formGroup(group: Group): void {
    const [leader] = group.members.keys();
    if (leader === undefined || ![...group.members.values()].every(({ joined }) => joined !== null)) return;
    group.generation += 1;
    group.assignments = null;
    group.stable = true;
    const protocol = group.members.get(leader)!.protocols[0]!.name;
    for (const [id, member] of group.members) {
      const listed = id === leader ? [...group.members] : [];
      member.joined?.(
        new Writer()
          .int16(0)
          .int32(group.generation)
          .text(protocol)
          .text(leader)
          .text(id)
          .list(listed, (to, [name, { protocols }]) => to.text(name).buffer(protocols[0]!.metadata)).bytes,
      );
      member.joined = null;
    }
  }

  private sync(request: Reader): Answer {
    const group = this.group(request.text());
    const [generation, id] = [request.int32(), request.text()];
    const assignments = request.list(() => [request.text(), request.buffer()] as const);
    const member = group.members.get(id);
    if (member === undefined || generation !== group.generation || !group.stable)
      return new Writer().int16(rebalancing).buffer(Buffer.alloc(0)).bytes;
    if (assignments.length > 0) group.assignments = new Map(assignments);
    return new Promise((synced) => {
      member.synced = synced;
      if (group.assignments === null) return;
      for (const [name, waiting] of group.members) {
        waiting.synced?.(new Writer().int16(0).buffer(group.assignments.get(name) ?? Buffer.alloc(0)).bytes);
        waiting.synced = null;
      }
    });
  }

  private heartbeat(request: Reader): Buffer {
    const group = this.group(request.text());
    const generation = request.int32();
    if (!group.members.has(request.text())) return new Writer().int16(unknownMember).bytes;
    return new Writer().int16(group.stable && generation === group.generation ? 0 : rebalancing).bytes;
  }

  private leave(group: Group, id: string): void {
    const member = group.members.get(id);
    if (member === undefined) return;
    group.members.delete(id);
    group.stable = false;
    for (const { synced } of group.members.values())
      synced?.(new Writer().int16(rebalancing).buffer(Buffer.alloc(0)).bytes);
    this.formGroup(group);
  }

  private group(id: string): Group {
    const group = this.groups.get(id) ?? new Group();
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

/** Reads what Kafka's protocol is made of: numbers in network order, texts, bytes and lists with their lengths before them. */
class Reader {
  private at = 0;
  constructor(private readonly from: Buffer) {}

  private move(bytes: number): number {
    this.at += bytes;
    return this.at - bytes;
  }
  int8(): number {
    return this.from.readInt8(this.move(1));
  }
  int16(): number {
    return this.from.readInt16BE(this.move(2));
  }
  int32(): number {
    return this.from.readInt32BE(this.move(4));
  }
  int64(): bigint {
    return this.from.readBigInt64BE(this.move(8));
  }
  text(): string {
    const length = Math.max(this.int16(), 0);
    return this.from.toString('utf8', this.move(length), this.at);
  }
  buffer(): Buffer {
    const length = Math.max(this.int32(), 0);
    return this.from.subarray(this.move(length), this.at);
  }
  list<T>(read: () => T): T[] {
    return Array.from({ length: Math.max(this.int32(), 0) }, read);
  }
}

class Writer {
  private readonly parts: Buffer[] = [];

  get bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
  raw(bytes: Buffer): this {
    this.parts.push(bytes);
    return this;
  }
  private number(size: number, write: (to: Buffer) => void): this {
    const to = Buffer.alloc(size);
    write(to);
    return this.raw(to);
  }
  int8(value: number): this {
    return this.number(1, (to) => to.writeInt8(value));
  }
  int16(value: number): this {
    return this.number(2, (to) => to.writeInt16BE(value));
  }
  int32(value: number): this {
    return this.number(4, (to) => to.writeInt32BE(value));
  }
  int64(value: bigint): this {
    return this.number(8, (to) => to.writeBigInt64BE(value));
  }
  text(value: string | null): this {
    if (value === null) return this.int16(-1);
    const bytes = Buffer.from(value);
    return this.int16(bytes.length).raw(bytes);
  }
  buffer(bytes: Buffer): this {
    return this.int32(bytes.length).raw(bytes);
  }
  list<T>(items: readonly T[], write: (to: this, item: T) => unknown): this {
    this.int32(items.length);
    for (const item of items) write(this, item);
    return this;
  }
}
