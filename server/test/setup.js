import { jest } from '@jest/globals';

// Whole servers start in hooks: on a busy machine that takes longer than the 5 s which Jest grants.
jest.setTimeout(30_000);
