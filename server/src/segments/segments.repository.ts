import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { SegmentEntity } from './segment.entity.js';

/** The stored segments. */
@Injectable()
export class SegmentsRepository {
  constructor(@InjectRepository(SegmentEntity) private readonly segments: Repository<SegmentEntity>) {}

  list(): Promise<SegmentEntity[]> {
    return this.segments.find({ order: { id: 'ASC' } });
  }

  /**
   * Makes a change while no other is made, so that what was checked still holds when it is saved: two changes at once
   * could otherwise close a circle, or delete what the other begins to name.
   */
  async change<Result>(work: (segments: Repository<SegmentEntity>) => Promise<Result>): Promise<Result> {
    return this.segments.manager.transaction(async (manager) => {
      await manager.query('LOCK TABLE segment IN SHARE ROW EXCLUSIVE MODE');
      return work(manager.getRepository(SegmentEntity));
    });
  }
}
