import type { Step } from '../step';
import { apply } from './apply';
import { blocked } from './blocked';
import { conflict } from './conflict';
import { destroy } from './destroy';
import { drift } from './drift';
import { heal } from './heal';
import { preview } from './preview';
import { repair } from './repair';
import { tamper } from './tamper';

/** The story, in its order. */
export const steps: readonly Step[] = [
  preview,
  apply,
  tamper,
  drift,
  repair,
  heal,
  conflict,
  blocked,
  destroy,
];
