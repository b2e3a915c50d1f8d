#!/usr/bin/env node
// The command `spanscope`.
import { packageVersion, processWorld, runCli } from './cli/process.ts';

process.exitCode = await runCli(process.argv.slice(2), processWorld(), packageVersion());
