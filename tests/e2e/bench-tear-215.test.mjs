import { tearTests } from './lib/tear.mjs';

tearTests('ntag215', 135);
