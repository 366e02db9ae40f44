import { Module } from '@nestjs/common';
import { ServerIdentity } from '../database/server-identity.js';
import { MessagesModule } from '../messages/messages.module.js';
import { UserEventsModule } from '../user-events/user-events.module.js';
import { EventIntake } from './event-intake.js';

/** Events and messages from a stream, where the environment names one. */
@Module({
  imports: [UserEventsModule, MessagesModule],
  providers: [
    EventIntake,
    {
      provide: 'event-stream',
      inject: [EventIntake, ServerIdentity],
      useFactory: async (intake: EventIntake, identity: ServerIdentity) => {
        const { AMQP_URL: url, AMQP_QUEUE: queue = 'xflow' } = process.env;
        if (url === undefined || !identity.is('runner')) return null;
        // Loaded only where it is used.
        const { RabbitConsumer } = await import('./rabbit-consumer.js');
        return new RabbitConsumer(url, queue, intake);
      },
    },
  ],
})
export class EventStreamModule {}
