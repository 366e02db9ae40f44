import type { Socket } from 'node:net';
import { Writer, type Answer, type Reader } from './kafka-protocol.js';

const unknownMember = 25;
const rebalancing = 27;

interface Member {
  readonly socket: Socket;
  protocols: readonly { readonly name: string; readonly metadata: Buffer }[];
  /** Waits for the others to join, too. */
  joined: ((answer: Buffer) => void) | null;
  synced: ((answer: Buffer) => void) | null;
}

/** A consumer group, as far as its members need one: who is in it, which partitions they agree on, and what they have committed. */
export class KafkaGroup {
  private generation = 0;
  private readonly members = new Map<string, Member>();
  private assignments: ReadonlyMap<string, Buffer> | null = null;
  private stable = false;
  private joins = 0;
  /** By topic and partition, with a space in between. */
  readonly offsets = new Map<string, bigint>();

  constructor(private readonly id: string) {}

  /** The connection is gone, and its members with it. */
  forget(socket: Socket): void {
    for (const [id, member] of this.members) if (member.socket === socket) this.leave(id);
  }

  commitOffsets(request: Reader): Buffer {
    const [generation, member] = [request.int32(), request.text(), request.int64()];
    const error = generation === this.generation && this.members.has(member) ? 0 : unknownMember;
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
        if (error === 0) this.offsets.set(`${topic} ${partition}`, offset);
        of.int32(partition).int16(error);
      }),
    ).bytes;
    return answer;
  }

  fetchOffsets(request: Reader): Buffer {
    const topics = request.list(() => ({ topic: request.text(), partitions: request.list(() => request.int32()) }));
    return new Writer().list(topics, (to, { topic, partitions }) =>
      to.text(topic).list(partitions, (of, partition) =>
        of
          .int32(partition)
          .int64(this.offsets.get(`${topic} ${partition}`) ?? -1n)
          .text('')
          .int16(0),
      ),
    ).bytes;
  }

  join(request: Reader, version: number, socket: Socket): Answer {
    request.int32();
    if (version > 0) request.int32();
    const given = request.text();
    request.text();
    const protocols = request.list(() => ({ name: request.text(), metadata: request.buffer() }));
    if (given !== '' && !this.members.has(given))
      return new Writer()
        .int16(unknownMember)
        .int32(0)
        .text('')
        .text('')
        .text('')
        .list([], () => undefined).bytes;
    const id = given === '' ? `${this.id}-${(this.joins += 1)}` : given;
    return new Promise((joined) => {
      this.members.set(id, { socket, protocols, joined, synced: null });
      this.stable = false;
      this.formGroup();
    });
  }

  /** When all members have joined, the first of them is told to assign the partitions. */
  private formGroup(): void {
    const [leader] = this.members.keys();
    if (leader === undefined || ![...this.members.values()].every(({ joined }) => joined !== null)) return;
    this.generation += 1;
    this.assignments = null;
    this.stable = true;
    const protocol = this.members.get(leader)!.protocols[0]!.name;
    for (const [id, member] of this.members) {
      const listed = id === leader ? [...this.members] : [];
      member.joined?.(
        new Writer()
          .int16(0)
          .int32(this.generation)
          .text(protocol)
          .text(leader)
          .text(id)
          .list(listed, (to, [name, { protocols }]) => to.text(name).buffer(protocols[0]!.metadata)).bytes,
      );
      member.joined = null;
    }
  }

  sync(request: Reader): Answer {
    const [generation, id] = [request.int32(), request.text()];
    const assignments = request.list(() => [request.text(), request.buffer()] as const);
    const member = this.members.get(id);
    if (member === undefined || generation !== this.generation || !this.stable)
      return new Writer().int16(rebalancing).buffer(Buffer.alloc(0)).bytes;
    if (assignments.length > 0) this.assignments = new Map(assignments);
    return new Promise((synced) => {
      member.synced = synced;
      if (this.assignments === null) return;
      for (const [name, waiting] of this.members) {
        waiting.synced?.(new Writer().int16(0).buffer(this.assignments.get(name) ?? Buffer.alloc(0)).bytes);
        waiting.synced = null;
      }
    });
  }

  heartbeat(request: Reader): Buffer {
    const generation = request.int32();
    if (!this.members.has(request.text())) return new Writer().int16(unknownMember).bytes;
    return new Writer().int16(this.stable && generation === this.generation ? 0 : rebalancing).bytes;
  }

  leave(id: string): void {
    const member = this.members.get(id);
    if (member === undefined) return;
    this.members.delete(id);
    this.stable = false;
    for (const { synced } of this.members.values())
      synced?.(new Writer().int16(rebalancing).buffer(Buffer.alloc(0)).bytes);
    this.formGroup();
  }
}
