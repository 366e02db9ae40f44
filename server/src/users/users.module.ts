import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { NdjsonModule } from '../ndjson/ndjson.module.js';
import { ProfileAnswerer } from './profile-answerer.js';
import { UserProfileEntity } from './user-profile.entity.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

/** Who the journeys are about: profiles, lifecycle, history. */
@Module({
  imports: [TypeOrmModule.forFeature([UserProfileEntity]), NdjsonModule],
  controllers: [UsersController],
  providers: [UsersService, ProfileAnswerer],
  exports: [UsersService],
})
export class UsersModule {}
