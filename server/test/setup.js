import { jest } from '@jest/globals';

// Whole servers start in hooks: on a busy machine that takes much longer than the 5 s which Jest grants.
jest.setTimeout(60_000);
