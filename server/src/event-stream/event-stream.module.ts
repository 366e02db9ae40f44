import { Module } from '@nestjs/common';
import { ServerIdentity } from '../database/server-identity.js';
import { MessagesModule } from '../messages/messages.module.js';
import { UserEventsModule } from '../user-events/user-events.module.js';
import { EventIntake } from './event-intake.js';
import type { EventStream } from './event-stream.js';
import { StreamConsumer } from './stream-consumer.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The brokers, by the variable that names one. Each is a folder, and loaded only where it is used. */
const streams: Readonly<Record<string, (environment: Environment) => Promise<EventStream>>> = {
  AMQP_URL: async (environment) => (await import('./rabbitmq/rabbit-stream.js')).rabbitStream(environment),
  KAFKA_BROKERS: async (environment) => (await import('./kafka/kafka-stream.js')).kafkaStream(environment),
};

/** Events and messages from streams, where the environment names some. */
@Module({
  imports: [UserEventsModule, MessagesModule],
  providers: [
    EventIntake,
    {
      provide: StreamConsumer,
      inject: [EventIntake, ServerIdentity],
      useFactory: async (intake: EventIntake, identity: ServerIdentity) => {
        const named = Object.entries(streams).filter(([variable]) => process.env[variable] !== undefined);
        const wanted = identity.is('runner') ? named : [];
        return new StreamConsumer(await Promise.all(wanted.map(([, open]) => open(process.env))), intake);
      },
    },
  ],
})
export class EventStreamModule {}
