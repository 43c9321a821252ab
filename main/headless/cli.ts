#!/usr/bin/env node
import module from 'node:module';

/**
 * This folder is the app without a desktop: the server for machines and people that have none, and the command line. It
 * holds no rules, no reload and no retry; what the command line can do, the contract lists. This file is its entry, and the
 * only one here that reads `process.env`.
 */
// Before anything else is loaded: it halves the start of every later command.
module.enableCompileCache();
const { runCli } = await import('./program.ts');
await runCli(process.env);
