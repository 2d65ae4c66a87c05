import { tearTests } from './lib/tear.mjs';

tearTests('ntag213', 45);
