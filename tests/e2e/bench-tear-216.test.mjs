import { tearTests } from './lib/tear.mjs';

tearTests('ntag216', 231);
