import { describe, expect, it } from 'vitest';
import { createRandom, large, type Random, samples } from '../../../samples/index.ts';
