import { jest } from '@jest/globals';

// Whole servers start in hooks: on a busy machine that takes much longer than the 5 s which Jest grants.
jest.setTimeout(60_000);

// Services of the machine are nothing to the tests: a suite that wants one starts its own.
for (const name of ['DATABASE_URL', 'REDIS_URL', 'AMQP_URL']) delete process.env[name];
