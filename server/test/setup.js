import { jest } from '@jest/globals';

// Whole servers start in hooks: on a busy machine that takes much longer than the 5 s which Jest grants.
jest.setTimeout(60_000);

// Services of the machine are nothing to the tests: a suite that wants one starts its own.
delete process.env.DATABASE_URL;
delete process.env.REDIS_URL;
delete process.env.AMQP_URL;
delete process.env.KAFKA_BROKERS;

// A busy machine is nothing to the tests either: whoever sends much at once there is not refused for it.
process.env.XFLOW_BOUNDS = 'queue-wait=60000';
